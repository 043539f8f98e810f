import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { flow } from '../harness/flow';
import { actOn, admit, closeDialog, knock, lead, atTheDoor, meetingOf, startMeeting } from '../harness/host';
import type { Participant } from '../harness/participant';
import { ask } from '../harness/wire';

/** The chat of somebody, open. */
function chatOf({ tab }: Participant<ChromiumTab>) {
  return tab.page.getByRole('complementary', { name: 'Chat' });
}

async function openChat({ tab }: Participant<ChromiumTab>): Promise<void> {
  await tab.page.getByRole('button', { name: /^Chat/ }).click();
}

async function write({ tab }: Participant<ChromiumTab>, text: string): Promise<void> {
  await tab.fill('Message', text);
  await tab.page.keyboard.press('Enter');
}

/** A message in somebody's chat, by its words. */
function message(person: Participant<ChromiumTab>, text: string) {
  return chatOf(person).getByRole('article').filter({ hasText: text });
}

flow('criterion 13: messages arrive with their sender, for all or for one alone', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  const clara = await admit(house, anna, 'Clara Buche');
  await openChat(bert);
  await write(bert, 'Guten Abend, siehe https://example.org/plan');
  await anna.tab.click('Chat, one new message');
  await message(anna, 'Guten Abend').getByText(bert.name).waitFor();
  const link = message(anna, 'Guten Abend').getByRole('link', { name: 'https://example.org/plan' });
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  await chatOf(anna).getByText('New', { exact: true }).waitFor(); // the mark of what was not read yet

  await chatOf(bert).getByRole('combobox', { name: 'To whom' }).selectOption({ label: anna.name });
  await write(bert, 'Nur unter uns');
  await message(anna, 'Nur unter uns').getByText('Only to you').waitFor();
  await message(anna, 'Nur unter uns').hover();
  await message(anna, 'Nur unter uns').getByRole('button', { name: 'Reply' }).click();
  await write(anna, 'Verstanden');
  await message(bert, 'Verstanden').getByText('Answers:').waitFor();
  await message(bert, 'Verstanden').getByText('Only to you').waitFor(); // what answers one goes to one
  await openChat(clara);
  await message(clara, 'Guten Abend').waitFor();
  expect(await ask(clara, 'chat.read', { after: 0 })).toMatchObject({
    messages: [{ name: bert.name, text: expect.stringContaining('Guten Abend') as string }],
    more: false,
  });
  expect(
    await chatOf(clara)
      .getByText(/Nur unter uns|Verstanden/)
      .count(),
  ).toBe(0);

  // Whoever wrote takes back, and so does a host.
  const own = message(bert, 'Guten Abend');
  await own.hover();
  await own.getByRole('button', { name: 'Take back' }).click();
  for (const person of [anna, bert, clara]) {
    await chatOf(person).getByText('Taken back', { exact: true }).waitFor();
    await message(person, 'Guten Abend').waitFor({ state: 'hidden' });
  }
  await write(clara, 'Das war nicht nett');
  await message(anna, 'nicht nett').hover();
  await message(anna, 'nicht nett').getByRole('button', { name: 'Take back' }).click();
  await clara.tab.page.getByText('A message of yours was taken back.').waitFor();
  await message(bert, 'nicht nett').waitFor({ state: 'hidden' });

  // Who writes too fast has to wait.
  const answers = await Promise.all(
    Array.from({ length: 14 }, (_, i) => ask(clara, 'chat.send', { text: `Nummer ${i}` })),
  );
  expect(answers).toContain('try_later');
});

flow('who comes late reads what was written before, unless the host keeps it back', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  await openChat(anna);
  await write(anna, 'Seite zwölf');
  await message(anna, 'Seite zwölf').waitFor();
  const bert = await admit(house, anna, 'Bert Birke');
  await openChat(bert);
  await message(bert, 'Seite zwölf').waitFor();
  expect(await chatOf(bert).getByText('New', { exact: true }).count()).toBe(0);

  const dialog = await lead(anna);
  await dialog.getByText('More settings').click();
  await dialog.getByRole('switch', { name: 'Who comes late sees earlier messages' }).uncheck();
  await closeDialog(anna);
  const clara = await admit(house, anna, 'Clara Buche');
  await openChat(clara);
  await write(anna, 'Seite dreizehn');
  await message(clara, 'Seite dreizehn').waitFor();
  expect(await message(clara, 'Seite zwölf').count()).toBe(0);
  expect(await ask(clara, 'chat.read', { after: 0 })).toMatchObject({
    messages: [{ text: 'Seite dreizehn' }],
  });
});

flow('hands stand in order, are lowered by the host, and reactions are seen', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  const clara = await admit(house, anna, 'Clara Buche');
  await clara.tab.click('Raise hand');
  await anna.finds(clara.name, /hand raised/);
  await bert.tab.click('Raise hand');
  await anna.finds(bert.name, /hand raised/);
  await (await actOn(anna, clara.name)).getByText('Hand raised, place 1').waitFor();
  const row = await actOn(anna, bert.name);
  await row.getByText('Hand raised, place 2').waitFor();
  const panel = anna.tab.page.getByRole('complementary', { name: 'Participants' });
  const order = await panel.getByRole('list').last().getByRole('listitem').allInnerTexts();
  expect(order.map((text) => /Clara|Bert|Anna/.exec(text)?.[0])).toEqual(['Clara', 'Bert', 'Anna']);
  await (await actOn(anna, clara.name)).getByRole('button', { name: 'Lower the hand' }).click();
  await clara.tab.page.getByText('Your hand was lowered.').waitFor();
  await clara.tab.page.getByRole('button', { name: 'Raise hand' }).waitFor();
  await row.getByText('Hand raised, place 1').waitFor();

  await clara.tab.click('React');
  await clara.tab.page
    .getByRole('menu', { name: 'React' })
    .getByRole('menuitem', { name: 'Applause' })
    .click();
  const tiles = anna.tab.page.getByRole('list', { name: 'Meeting' });
  await tiles.getByRole('listitem', { name: clara.name }).locator('.applause').waitFor();
});

flow('a message while the door is knocked at is not shown to who waits', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await knock(house, 'Bert Birke', meetingOf(anna));
  await atTheDoor(anna, bert.name).waitFor();
  await openChat(anna);
  await write(anna, 'Noch unter uns');
  await message(anna, 'Noch unter uns').waitFor();
  for (const method of ['chat.read', 'chat.send', 'hand.raise', 'consume']) {
    expect(await ask(bert, method, {}), method).toMatch(/not_joined|invalid_params/);
  }
  expect(await ask(bert, 'chat.send', { text: 'Hallo' })).toBe('not_joined'); // criterion 5
  expect(await bert.tab.page.getByText('Noch unter uns').count()).toBe(0);
});

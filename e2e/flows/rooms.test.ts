import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { flow } from '../harness/flow';
import { lead, setUp } from '../harness/host';
import type { Participant } from '../harness/participant';

/** Opens the form for a named meeting, or for a change of one. */
async function form({ tab }: Participant<ChromiumTab>, change?: string) {
  const row = tab.page.getByRole('listitem').filter({ hasText: change ?? '' });
  if (change) await row.getByRole('button', { name: 'Change' }).click();
  else await tab.click('New meeting with a name');
  return tab.page.getByRole('dialog', { name: change ? 'Change the meeting' : 'New meeting with a name' });
}

/** What a page says to somebody who comes by an address, without what names the meeting. */
async function words({ tab }: Participant<ChromiumTab>, address: string, name: string): Promise<string[]> {
  const { page } = tab;
  // The own picture and the names of devices come when the browser has opened them.
  const text = async () => {
    await page.locator('video').first().waitFor();
    await page
      .locator('option', { hasText: 'Fake Default Audio Output' })
      .first()
      .waitFor({ state: 'attached' });
    return (await page.locator('main').innerText()).replaceAll(name, 'NAME');
  };
  await page.goto('about:blank');
  await page.goto(address);
  await page.getByText(/Nobody is here yet|After joining you wait/).waitFor();
  await tab.fill('Your name', 'Bert Birke');
  const before = await text();
  await tab.click('Join');
  await page.getByText('Leave the waiting room').waitFor();
  const said = [before, await text()];
  await tab.click('Leave the waiting room');
  return said;
}

flow('criterion 3: not found, closed and private look the same from outside', async ({ house }) => {
  const anna = await setUp(house, 'Anna Ahorn');
  await anna.tab.open(`${house.origin}/-/account`);
  for (const name of ['geheim', 'vorbei', 'ruhend']) {
    const dialog = await form(anna);
    await dialog.getByRole('textbox', { name: 'Name in the address' }).fill(name);
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Lehrerkonferenz');
    if (name === 'geheim') await dialog.getByRole('switch', { name: 'Private' }).check();
    if (name === 'vorbei') await dialog.getByLabel('Ends').fill('2026-01-01T10:00');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }
  await anna.tab.open(`${house.origin}/geheim`); // and a host is in the private one
  await anna.enter();
  const bert = await house.person('Bert Birke');
  const unknown = await words(bert, `${house.origin}/nirgends`, 'nirgends');
  expect(unknown[0]).toContain('Nobody is here yet who can let you in.');
  expect(unknown[1]).toContain('The host is not here yet.');
  for (const name of ['geheim', 'vorbei', 'ruhend']) {
    expect(await words(bert, `${house.origin}/${name}`, name), name).toEqual(unknown);
  }
  expect(await anna.tab.page.getByRole('button', { name: 'Let in', exact: true }).count()).toBe(0);
});

flow('a named meeting begins with the single rights that its form gave', async ({ house }) => {
  const anna = await setUp(house, 'Anna Ahorn');
  await anna.tab.open(`${house.origin}/-/account`);
  const dialog = await form(anna);
  await dialog.getByRole('textbox', { name: 'Name in the address' }).fill('klasse-7a');
  await dialog.getByRole('combobox', { name: 'Waiting room' }).selectOption({ label: 'For nobody' });
  await dialog.getByRole('combobox', { name: 'Kind of meeting' }).selectOption({ label: 'Class' });
  await dialog.getByText('What participants may do').click();
  const right = (name: string) => dialog.getByRole('switch', { name, exact: true });
  expect(await right('Share screen').isChecked()).toBe(false);
  expect(await right('Camera').isChecked()).toBe(true);
  await right('Share screen').check();
  await right('Camera').uncheck();
  expect(await dialog.getByRole('combobox', { name: 'Kind of meeting' }).inputValue()).toBe('custom');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });

  const kept = await form(anna, 'klasse-7a');
  await kept.getByText('What participants may do').click();
  expect(await kept.getByRole('switch', { name: 'Share screen', exact: true }).isChecked()).toBe(true);
  await anna.tab.page.keyboard.press('Escape');

  await anna.tab.open(`${house.origin}/klasse-7a`);
  await anna.enter();
  const bert = await house.person('Bert Birke');
  await bert.tab.open(`${house.origin}/klasse-7a`);
  await bert.enter();
  await bert.sees(anna.name);
  const toolbar = bert.tab.page.getByRole('toolbar');
  await toolbar.getByRole('button', { name: 'Share screen' }).waitFor();
  const leading = await lead(anna);
  expect(await leading.getByRole('radio', { name: /^Class/ }).isChecked()).toBe(false);
  await leading.getByText('What participants may do').click();
  expect(await leading.getByRole('switch', { name: 'Share screen', exact: true }).isChecked()).toBe(true);
  expect(await leading.getByRole('switch', { name: 'Camera', exact: true }).isChecked()).toBe(false);
  expect(await leading.getByRole('switch', { name: 'Write to one person', exact: true }).isChecked()).toBe(
    false,
  );
});

flow('a named meeting keeps its settings over a restart until it is deleted', async ({ house }) => {
  const anna = await setUp(house, 'Anna Ahorn');
  const { page } = anna.tab;
  await anna.tab.open(`${house.origin}/-/account`);
  const dialog = await form(anna);
  await dialog.getByRole('textbox', { name: 'Name in the address' }).fill('klasse-9b');
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Physik 9b');
  await dialog.getByLabel('Begins').fill('2026-01-01T08:00');
  await dialog.getByLabel('Ends').fill('2036-01-01T08:00');
  await dialog.getByRole('combobox', { name: 'Waiting room' }).selectOption({ label: 'For nobody' });
  await dialog.getByRole('combobox', { name: 'Kind of meeting' }).selectOption({ label: 'Class' });
  await dialog.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
  await dialog.getByRole('combobox', { name: 'Longest time' }).selectOption({ label: '90 minutes' });
  await dialog.getByRole('switch', { name: 'Enter before the host' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  anna.tab.complaints.expect(/WebSocket|request failed|net::ERR/); // the server goes away under the page
  await house.server.stop();
  await house.server.start();

  await page.reload();
  const kept = await form(anna, 'Physik 9b');
  expect(await kept.getByLabel('Begins').inputValue()).toBe('2026-01-01T08:00');
  expect(await kept.getByLabel('Ends').inputValue()).toBe('2036-01-01T08:00');
  for (const [label, value] of [
    ['Waiting room', 'off'],
    ['Kind of meeting', 'class'],
    ['Language', 'de'],
    ['Longest time', '90'],
  ] as const) {
    expect(await kept.getByRole('combobox', { name: label }).inputValue(), label).toBe(value);
  }
  expect(await kept.getByRole('switch', { name: 'Enter before the host' }).isChecked()).toBe(true);
  await page.keyboard.press('Escape');

  // Guests are in before the host, with the rights of the meeting.
  const bert = await house.person('Bert Birke');
  await bert.tab.open(`${house.origin}/klasse-9b`);
  await bert.tab.page.getByRole('heading', { name: 'Physik 9b' }).waitFor();
  await bert.enter();
  expect(await bert.tab.page.getByRole('button', { name: 'Share screen' }).count()).toBe(0);
  const clara = await house.person('Clara Buche');
  await clara.tab.open(`${house.origin}/klasse-9b`);
  await clara.enter();
  await bert.sees(clara.name);
  await anna.tab.open(`${house.origin}/klasse-9b`);
  await anna.enter();
  await bert.sees(anna.name);
  const leading = await lead(anna);
  expect(await leading.getByRole('radio', { name: /^Class/ }).isChecked()).toBe(true);

  await anna.tab.open(`${house.origin}/-/account`);
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Physik 9b' })
    .getByRole('button', { name: 'Remove' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('link', { name: 'Physik 9b' }).waitFor({ state: 'hidden' });
});

import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { actOn, admit, startMeeting } from '../harness/host';
import { tileOf } from '../harness/reading';
import { ask } from '../harness/wire';

flow(
  'criteria 7 and 15: the panic button stops all, and the host brings back one by one, or all',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const bert = await admit(house, anna, 'Bert Birke');
    const clara = await admit(house, anna, 'Clara Buche');
    await bert.sees(clara.name);
    await clara.sees(bert.name);
    await anna.tab.click('Lead the meeting'); // criterion 15
    await anna.tab.click('Stop everything');
    const question = anna.tab.page.getByRole('dialog', { name: 'Stop everything?' });
    await question.getByRole('button', { name: 'Stop everything' }).click();

    await anna.tab.page.getByText('Nobody but the hosts is seen or heard').waitFor();
    for (const guest of [bert, clara]) {
      await guest.tab.page.getByRole('heading', { name: 'Anna Ahorn stopped everything.' }).waitFor();
      await guest.look('camera and microphone are released', ({ captured }) =>
        captured.every((track) => !track.live),
      );
    }
    await anna.look('no picture of a guest is there', (reading) =>
      [bert, clara].every(({ name }) => tileOf(reading, name)?.trackId === undefined),
    );
    await anna.tab.click('One by one'); // nobody is marked as speaking who is not heard
    const panel = anna.tab.page.getByRole('complementary', { name: 'Participants' });
    await panel.getByText('Speaks').first().waitFor({ state: 'hidden' });
    expect(await ask(bert, 'chat.send', { text: 'Hallo' })).toBe('forbidden');
    expect(await ask(bert, 'react', { reaction: 'heart' })).toBe('forbidden');

    const late = await house.person('Dora Eiche');
    await late.tab.open(anna.tab.page.url());
    await late.tab.fill('Your name', late.name);
    await late.tab.click('Join');
    await late.tab.page.getByRole('heading', { name: 'The meeting is locked.' }).waitFor(); // criterion 7

    const stopped = (guest: typeof bert) =>
      guest.tab.page.getByRole('heading', { name: 'Anna Ahorn stopped everything.' });
    await (await actOn(anna, bert.name)).getByRole('button', { name: 'Bring back' }).click();
    await bert.tab.page.getByText('You are brought back.').waitFor();
    await stopped(bert).waitFor({ state: 'hidden' });
    await stopped(clara).waitFor();
    await anna.tab.page.getByText('Nobody but the hosts is seen or heard').waitFor();
    await anna.tab.click('Bring everybody back');
    await clara.tab.page.getByText('You are brought back.').waitFor();
    await anna.tab.page.getByText('Nobody but the hosts is seen or heard').waitFor({ state: 'hidden' });
    for (const guest of [bert, clara]) {
      await guest.tab.click('Start camera');
      await guest.tab.click('Unmute microphone');
    }
    await bert.sees(clara.name);
    await clara.sees(bert.name);
    await anna.hears(2);
    expect(await bert.tab.page.getByText('stopped everything').count()).toBe(0);
  },
);

import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { admit, startMeeting } from '../harness/host';
import { tileOf } from '../harness/reading';

flow(
  'criteria 7 and 15: the panic button stops all, and the host brings everybody back',
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
    const late = await house.person('Dora Eiche');
    await late.tab.open(anna.tab.page.url());
    await late.tab.fill('Your name', late.name);
    await late.tab.click('Join');
    await late.tab.page.getByRole('heading', { name: 'The meeting is locked.' }).waitFor(); // criterion 7

    await anna.tab.click('Bring everybody back');
    for (const guest of [bert, clara]) {
      await guest.tab.page.getByText('You are brought back.').waitFor();
      await guest.tab.click('Start camera');
      await guest.tab.click('Unmute microphone');
    }
    await bert.sees(clara.name);
    await clara.sees(bert.name);
    await anna.hears(2);
    expect(await bert.tab.page.getByText('stopped everything').count()).toBe(0);
  },
);

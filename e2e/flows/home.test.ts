import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { eventually } from '../harness/eventually';

/** A generated name: 20 characters of base32, 100 bits (criterion 2). */
const generated = /\/([a-z2-7]{20})$/;

flow('criterion 2: a meeting is started with a generated name, and its link is copied', async ({ stage }) => {
  const permissions = ['camera', 'microphone', 'clipboard-read', 'clipboard-write'];
  const anna = await stage.person('Anna Ahorn', { permissions });
  const { page } = anna.tab;
  await anna.tab.open(`${stage.origin}/`);
  await anna.tab.click('Start a meeting');
  await page.getByRole('textbox', { name: 'Your name' }).waitFor();
  expect(page.url()).toMatch(generated);
  const [, name = ''] = generated.exec(page.url()) ?? [];
  await page.getByRole('heading', { name: name.replace(/(.{5})(?=.)/g, '$1-') }).waitFor();
  await anna.enter();
  await anna.tab.click('Copy link');
  await page.getByText('The link is copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());

  const bert = await stage.person('Bert Birke');
  await bert.tab.open(page.url());
  await bert.enter();
  await bert.sees(anna.name);
  expect(stage.server.log).not.toContain(name);

  await anna.tab.click('Leave');
  await anna.tab.click('Home page');
  await page.getByRole('button', { name: 'Start a meeting' }).waitFor();
  await anna.tab.click('Start a meeting');
  await page.getByRole('textbox', { name: 'Your name' }).waitFor();
  expect(page.url()).toMatch(generated);
  expect(page.url()).not.toContain(name);
});

flow('a meeting has a typed name', async ({ stage }) => {
  const anna = await stage.person('Anna Ahorn');
  const { page } = anna.tab;
  await anna.tab.open(`${stage.origin}/`);
  await anna.tab.fill('Name of the meeting', `${stage.room} am Abend`);
  await anna.tab.click('Go to the meeting');
  await page.getByRole('textbox', { name: 'Your name' }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/${stage.room}-am-abend`.replace('abend', 'Abend'));
  await page.goBack();
  await page.getByRole('textbox', { name: 'Name of the meeting' }).waitFor();
});

flow('criterion 10: the page of a room is not to be listed', async ({ stage }) => {
  const answer = await fetch(`${stage.origin}/${stage.room}`); // criterion 10
  expect(answer.headers.get('x-robots-tag')).toContain('noindex');
});

flow('the first paint needs no code for media', async ({ stage }) => {
  const anna = await stage.person('Anna Ahorn');
  const scripts: string[] = [];
  anna.tab.page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.url());
  });
  await anna.tab.open(`${stage.origin}/`);
  await anna.tab.page.getByRole('button', { name: 'Start a meeting' }).waitFor();
  const engines = async () => {
    const texts = await Promise.all(scripts.map(async (url) => (await fetch(url)).text()));
    return texts.filter((text) => text.includes('mediasoup-client')).length;
  };
  expect(await engines(), 'scripts with code for media').toBe(0);
  await anna.tab.click('Start a meeting');
  await eventually('the code for media is loaded', engines, (count) => count > 0);
});

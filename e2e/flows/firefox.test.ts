import { flow } from '../harness/flow';

flow('Chromium and Firefox see and hear each other', async ({ stage }) => {
  const [anna] = await stage.meet('Anna Ahorn');
  const bert = await stage.meetInFirefox('Bert Birke');
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  await anna.hears(1);
  await bert.hears(1);

  await bert.tab.click('Mute microphone');
  await anna.finds(bert.name, /microphone off/);
  await anna.hearsNobody(bert.name);
  await anna.tab.click('Mute microphone');
  await bert.finds(anna.name, /microphone off/);
  await bert.tab.click('Leave');
  await anna.misses(bert.name);
});

flow('Firefox resumes a dropped connection and finds a lost path', async ({ path, far }) => {
  const [anna] = await far.meet('Anna Ahorn');
  const bert = await far.meetInFirefox('Bert Birke');
  anna.tab.complaints.expect(/^console: WebSocket connection to/);
  bert.tab.complaints.expect(
    /t establish a connection to the server at ws:|The connection to ws:.* was interrupted/,
  );
  await anna.sees(bert.name);
  await bert.sees(anna.name);

  path.cut();
  await bert.finds(bert.name, /reconnecting/);
  await bert.finds(bert.name, /^Bert Birke \(you\)$/);
  await bert.sees(anna.name);

  const before = await bert.read();
  path.block();
  await bert.finds(bert.name, /no connection/, 30_000);
  await bert.restartsICE(before);
  path.mend();
  await bert.finds(bert.name, /^Bert Birke \(you\)$/, 30_000);
  await bert.sees(anna.name, 'camera', 30_000);
  await anna.sees(bert.name, 'camera', 30_000);
  await bert.hears(1);
});

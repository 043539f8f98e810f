import { expect, it } from 'vitest';
import { csvFile } from './csv';

it('writes a table that holds no formula', async () => {
  const rows = [
    ['At', 'Whom'],
    ['18:00', '=HYPERLINK("http://evil.example")'],
    ['18:01', 'Ada, "the Countess"\nof Lovelace'],
  ];
  expect(await csvFile('log.csv', rows).text()).toBe(
    '"At","Whom"\r\n"18:00","\'=HYPERLINK(""http://evil.example"")"\r\n' +
      '"18:01","Ada, ""the Countess""\nof Lovelace"\r\n',
  );
});

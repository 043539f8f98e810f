import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { output } from '../harness/flow';

const text =
  'Good morning everybody. I hope that you can hear me well. Today we talk about the garden of our school, about the ' +
  'apple trees that we planted in March, and about who waters them during the holidays. Anna has made a list. Please ' +
  'have a look at it, and tell us which week suits you best. We also need two people with a car who can fetch the ' +
  'compost on Saturday. If nobody has any questions, we begin with the first point.';

/**
 * Makes a file in which somebody speaks, for microphones: a codec for voices saves bits in other ways, and protects
 * less, when it hears the beep that browsers have for tests.
 */
export async function speech(): Promise<string> {
  mkdirSync(output, { recursive: true });
  const file = join(output, 'speech.wav');
  await promisify(execFile)('espeak-ng', ['-v', 'en-gb', '-s', '150', '-w', file, text]);
  return file;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { binary } from './server';

/**
 * Lets so many synthetic people join a room, each with a small picture and a sound. Gives what sends them away again.
 */
export function crowd(origin: string, room: string, count: number): () => Promise<void> {
  const child = spawn(
    binary,
    [
      'load',
      `--url=${origin}`,
      `--room=${room}`,
      `--publishers=${count}`,
      '--subscribers=0',
      '--video-bitrate=60000',
      '--fps=5',
      '--duration=10m',
    ],
    { stdio: 'ignore' },
  );
  const over = once(child, 'exit');
  return async () => {
    child.kill('SIGKILL');
    await over;
  };
}

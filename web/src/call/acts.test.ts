import { expect, it, vi } from 'vitest';
import { RequestFailed } from '../signal/failure';
import { Acts, type Request } from './acts';

const done: Request = () => Promise.resolve({} as never);
const refused: Request = () => Promise.reject(new RequestFailed('forbidden', 'no'));

it('tells of an act that failed', async () => {
  const failed = vi.fn();
  new Acts(done, failed).act('meeting.panic', {});
  new Acts(refused, failed).act('meeting.panic', {});
  await vi.waitFor(() => expect(failed).toHaveBeenCalledExactlyOnceWith('forbidden'));
});

it('ends with the reason, or with nothing', async () => {
  const failed = vi.fn();
  expect(await new Acts(done, failed).attempt('meeting.end', {})).toBeUndefined();
  expect(await new Acts(refused, failed).attempt('meeting.end', {})).toBe('forbidden');
  expect(failed).not.toHaveBeenCalled();
});

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestFailed } from '../signal/failure';
import { FakeTransport, settled } from './fakes';
import { Receiver, type WantedTrack } from './receiver';

const track = (producerId: string, kind: WantedTrack['kind'] = 'video'): WantedTrack => ({
  producerId,
  kind,
  syncName: producerId,
});

describe('Receiver', () => {
  let asked: [string, unknown][];
  let unavailable: Set<string>;
  let offline: boolean;
  let transport: FakeTransport;
  let receiver: Receiver;
  const player = { add: vi.fn(), remove: vi.fn() };

  beforeEach(() => {
    vi.clearAllMocks();
    asked = [];
    unavailable = new Set();
    offline = false;
    transport = new FakeTransport();
    receiver = new Receiver({
      request: ((method: string, params: { producerIds: string[] }) => {
        asked.push([method, params]);
        if (offline) return Promise.reject(new RequestFailed('network', 'offline'));
        const ids = method === 'consume' ? params.producerIds.filter((id) => !unavailable.has(id)) : [];
        const kind = (id: string) => (id.startsWith('a') ? 'audio' : 'video');
        const consumers = ids.map((id) => ({
          id: `c-${id}`,
          producerId: id,
          kind: kind(id),
          rtpParameters: {},
        }));
        return Promise.resolve({ consumers });
      }) as never,
      player,
      makeStream: (one) => one as unknown as MediaStream,
      changed: () => undefined,
    });
  });

  it('asks for all at once, and resumes them when they are ready', async () => {
    receiver.attach(transport.real);
    receiver.want([track('v1')]);
    receiver.want([track('v1'), track('a1', 'audio')]);
    await settled();
    expect(asked).toEqual([
      ['consume', { producerIds: ['v1', 'a1'], paused: true }],
      ['consumers.resume', { consumerIds: ['c-v1', 'c-a1'] }],
    ]);
    expect(receiver.stream('v1')).toBeDefined();
    expect(receiver.consumerId('a1')).toBe('c-a1');
    expect(player.add).toHaveBeenCalledOnce();
  });

  it('asks for many in batches', async () => {
    receiver.attach(transport.real);
    receiver.want(Array.from({ length: 120 }, (_, i) => track(`v${i}`)));
    await settled();
    const sizes = asked
      .filter(([m]) => m === 'consume')
      .map(([, p]) => (p as { producerIds: [] }).producerIds.length);
    expect(sizes).toEqual([50, 50, 20]);
  });

  it('closes what is not wanted any more', async () => {
    receiver.attach(transport.real);
    receiver.want([track('v1'), track('a1', 'audio')]);
    await settled();
    receiver.want([track('v1')]);
    await settled();
    expect(asked.at(-1)).toEqual(['consumers.close', { consumerIds: ['c-a1'] }]);
    expect(player.remove).toHaveBeenCalledWith('c-a1');
    expect(receiver.stream('a1')).toBeUndefined();
  });

  it('asks once for what the server has not, or the browser cannot decode', async () => {
    unavailable.add('v1');
    transport.undecodable.add('v2');
    receiver.attach(transport.real);
    receiver.want([track('v1'), track('v2')]);
    await settled();
    receiver.want([track('v1'), track('v2'), track('v3')]);
    await settled();
    expect(asked.filter(([method]) => method === 'consume').map(([, params]) => params)).toEqual([
      { producerIds: ['v1', 'v2'], paused: true },
      { producerIds: ['v3'], paused: true },
    ]);
    expect(asked).toContainEqual(['consumers.close', { consumerIds: ['c-v2'] }]);
  });

  it('takes up after a dropped connection what is missing', async () => {
    receiver.attach(transport.real);
    receiver.want([track('v1'), track('v2')]);
    await settled();
    offline = true;
    receiver.want([track('v1'), track('v2'), track('v3')]);
    await settled();
    offline = false;
    asked.length = 0;
    receiver.reconcile(['c-v1', 'c-unknown']);
    await settled();
    expect(asked).toEqual([
      ['consumers.close', { consumerIds: ['c-unknown'] }],
      ['consumers.resume', { consumerIds: ['c-v1'] }],
      ['consume', { producerIds: ['v2', 'v3'], paused: true }],
      ['consumers.resume', { consumerIds: ['c-v2', 'c-v3'] }],
    ]);
  });

  it('asks anew for everything over a new transport', async () => {
    receiver.attach(transport.real);
    receiver.want([track('v1')]);
    await settled();
    receiver.attach(new FakeTransport().real);
    await settled();
    expect(asked.filter(([method]) => method === 'consume')).toHaveLength(2);
  });

  it('asks over a new transport also when it comes amid a failing request', async () => {
    receiver.attach(transport.real);
    offline = true;
    receiver.want([track('v1')]);
    await Promise.resolve();
    await Promise.resolve();
    offline = false;
    receiver.attach(new FakeTransport().real);
    await settled();
    expect(receiver.consumerId('v1')).toBe('c-v1');
  });

  it('drops what the server closed', async () => {
    receiver.attach(transport.real);
    receiver.want([track('v1')]);
    await settled();
    unavailable.add('v1');
    receiver.closed(['c-v1']);
    await settled();
    expect(receiver.stream('v1')).toBeUndefined();
  });
});

import type { Participant } from '../harness/participant';
import type { Reading } from '../harness/probe';
import { inbound, number } from '../harness/reading';
import { percent, type Figure } from './figure';

/** What a page received of others until now. */
export interface Received {
  at: number;
  freezes: number;
  frozen: number; // s
  decoded: number; // frames
  height: number;
  samples: number; // of sound
  concealed: number; // of them made up, where there was sound
}

export function received(reading: Reading): Received {
  const sum = (kind: 'audio' | 'video', field: string) =>
    inbound(reading, kind).reduce((total, stat) => total + number(stat[field]), 0);
  return {
    at: Date.now(),
    freezes: sum('video', 'freezeCount'),
    frozen: sum('video', 'totalFreezesDuration'),
    decoded: sum('video', 'framesDecoded'),
    height: Math.max(0, ...inbound(reading, 'video').map((stat) => number(stat.frameHeight))),
    samples: sum('audio', 'totalSamplesReceived'),
    concealed: sum('audio', 'concealedSamples') - sum('audio', 'silentConcealedSamples'),
  };
}

/** The share of the sound played between two moments that was made up. */
function madeUp(before: Received, after: Received): number {
  return (after.concealed - before.concealed) / Math.max(1, after.samples - before.samples);
}

/** How a page sounded between two moments, while it adapted to another network. */
export function adaptation(before: Received, after: Received, { who = '' } = {}): Figure {
  const seconds = ((after.at - before.at) / 1000).toFixed(0);
  return {
    what: `${who}sound made up in the ${seconds} s in which it adapts`,
    value: percent(madeUp(before, after)),
  };
}

/** Figures of what came between two moments. */
export function figures(before: Received, after: Received, { who = '' } = {}): Figure[] {
  const concealed = madeUp(before, after);
  const seconds = (after.at - before.at) / 1000;
  return [
    {
      what: `${who}sound made up for what was missing`,
      value: percent(concealed),
      aim: 'below 1.00 %',
      met: concealed < 0.01,
    },
    {
      what: `${who}freezes (getStats)`,
      value: `${after.freezes - before.freezes}, ${(after.frozen - before.frozen).toFixed(1)} s of ${seconds.toFixed(0)} s`,
    },
    {
      what: `${who}frames a second, height at the end`,
      value: `${((after.decoded - before.decoded) / seconds).toFixed(1)}, ${after.height}`,
    },
  ];
}

/** The longest time in ms that a page receives no packet of a kind, within so many ms from now. */
export function longestPause(person: Participant, lasts: number): Promise<{ audio: number; video: number }> {
  return person.tab.run(async (lasts) => {
    const longest = { audio: 0, video: 0 };
    const last = { audio: { packets: -1, at: 0 }, video: { packets: -1, at: 0 } };
    const end = performance.now() + lasts;
    while (performance.now() < end) {
      const { connections } = await window.stubeProbe.read('Meeting');
      const now = performance.now();
      for (const kind of ['audio', 'video'] as const) {
        const packets = connections
          .flat()
          .filter((stat) => stat.type === 'inbound-rtp' && stat.kind === kind)
          .reduce((sum, stat) => sum + Number(stat.packetsReceived), 0);
        if (packets !== last[kind].packets) {
          if (last[kind].at > 0) longest[kind] = Math.max(longest[kind], now - last[kind].at);
          last[kind] = { packets, at: now };
        }
      }
      await new Promise((resume) => setTimeout(resume, 20));
    }
    return longest;
  }, lasts);
}

/** One entry of getStats, of which flows read a few fields. */
export type Stat = { type: string; id: string } & Record<string, unknown>;

/** A tile of the meeting as a screen reader and an eye find it. */
export interface SeenTile {
  /** Its accessible name. */
  label: string;
  /** The track that its video plays; undefined when there is no video. */
  trackId: string | undefined;
  /** The picture's size, 0 before the first frame. */
  width: number;
  height: number;
}

/** A track that the page captured from a device or a screen. */
export interface CapturedTrack {
  kind: string;
  label: string;
  live: boolean;
}

/** What a page shows, captures, sends and receives at one moment. */
export interface Reading {
  tiles: SeenTile[];
  /** Everything captured so far, in that order. */
  captured: CapturedTrack[];
  /** The statistics of each peer connection that isn't closed. */
  connections: Stat[][];
  /** How much later than it could each sound that is received is to be played, in ms; 0: as early as it can. */
  delays: number[];
  /** What tells one ICE session from the next: the server's credentials. */
  iceSessions: string[];
  /** How often a video lost its picture because its source was replaced. */
  interruptions: number;
  /** How many tones of its own the page played. */
  tones: number;
}

export interface Probe {
  read(list: string): Promise<Reading>;
  /** Does to the devices of a kind that are in use what pulling them out does. */
  unplug(kind: 'audio' | 'video'): void;
}

declare global {
  interface Window {
    stubeProbe: Probe;
  }
}

/**
 * Runs in every page before its own scripts: keeps peer connections, captured tracks and videos in sight. It uses
 * nothing from around it.
 */
export function installProbe(): void {
  const made: RTCPeerConnection[] = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      made.push(this);
    }
  };
  const captured: MediaStreamTrack[] = [];
  const devices = (navigator as Partial<Navigator>).mediaDevices; // pages that aren't secure have none
  for (const method of ['getUserMedia', 'getDisplayMedia'] as const) {
    if (!devices) break;
    const capture = devices[method].bind(devices);
    devices[method] = async (constraints) => {
      const stream = await capture(constraints);
      captured.push(...stream.getTracks());
      return stream;
    };
  }
  let tones = 0;
  const strike = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when) {
    tones++;
    strike.call(this, when);
  };
  let interruptions = 0;
  document.addEventListener('emptied', () => interruptions++, { capture: true });

  const types = ['inbound-rtp', 'outbound-rtp', 'candidate-pair', 'transport', 'remote-candidate'];

  function tiles(list: string): SeenTile[] {
    const items = document.querySelectorAll<HTMLElement>(`[aria-label="${list}"] > li`);
    return [...items].map((item) => {
      const video = item.querySelector('video');
      const stream = video?.srcObject instanceof MediaStream ? video.srcObject : undefined;
      return {
        label: item.ariaLabel ?? '',
        trackId: stream?.getVideoTracks()[0]?.id,
        width: video?.videoWidth ?? 0,
        height: video?.videoHeight ?? 0,
      };
    });
  }

  async function stats(connection: RTCPeerConnection): Promise<Stat[]> {
    const list: Stat[] = [];
    (await connection.getStats()).forEach((stat: Stat) => {
      if (types.includes(stat.type)) list.push({ ...stat });
    });
    return list;
  }

  window.stubeProbe = {
    async read(list) {
      const open = made.filter((connection) => connection.connectionState !== 'closed');
      return {
        tiles: tiles(list),
        captured: captured.map(({ kind, label, readyState }) => ({
          kind,
          label,
          live: readyState === 'live',
        })),
        connections: await Promise.all(open.map(stats)),
        delays: open.flatMap((connection) =>
          connection
            .getReceivers()
            .filter((receiver) => receiver.track.kind === 'audio')
            .map((receiver) => receiver.jitterBufferTarget ?? 0),
        ),
        iceSessions: open.map(
          ({ remoteDescription }) => /^a=ice-ufrag:(.*)$/m.exec(remoteDescription?.sdp ?? '')?.[1] ?? '',
        ),
        interruptions,
        tones,
      };
    },
    unplug(kind) {
      for (const track of captured) {
        if (track.kind !== kind || track.readyState === 'ended') continue;
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    },
  };
}

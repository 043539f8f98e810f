import type {
  Device,
  DtlsParameters,
  RtpCapabilities,
  RtpCodecCapability,
  Transport,
  TransportOptions,
} from 'mediasoup-client/types';
import { RequestFailed } from '../signal/failure';
import type * as protocol from '../signal/protocol.gen';
import { frameRates } from './encodings';

/** Sends a request that must arrive, also when the connection drops meanwhile. */
export type Connect = (connect: protocol.Connect) => Promise<unknown>;

/**
 * mediasoup-client, loaded when it is needed first. The protocol has plain strings where mediasoup-client lists the
 * values of the same JSON: types are changed here, and nowhere else.
 */
export class Engine {
  #device: Device | undefined;
  #scalabilityMode: string | undefined;

  /** Fetches the code, so that it is there when it is needed. */
  preload(): void {
    import('mediasoup-client').catch(() => undefined); // load() tells
  }

  /** Gets ready for a server with these capabilities; answers with those of the browser. */
  async load(router: protocol.RTPCapabilities): Promise<protocol.RTPCapabilities> {
    const { Device, detectDeviceAsync } = await import('mediasoup-client').catch(() => {
      throw new RequestFailed('network', 'fetch the media engine');
    });
    try {
      // A browser that hides what it is mostly is a Chromium, or close to one.
      const device = new Device({ handlerName: (await detectDeviceAsync()) ?? 'Chrome111' });
      await device.load({ routerRtpCapabilities: router as RtpCapabilities });
      this.#device = device;
      this.#scalabilityMode = (await encodes(frameRates)) ? frameRates : undefined;
      return device.recvRtpCapabilities as protocol.RTPCapabilities;
    } catch (error) {
      throw new RequestFailed('browser', `load the media engine: ${String(error)}`);
    }
  }

  /** How video is layered within a stream, where the browser can do that. */
  get scalabilityMode(): string | undefined {
    return this.#scalabilityMode;
  }

  /** The codec in which video is sent. */
  get videoCodec(): RtpCodecCapability | undefined {
    return this.#device?.sendRtpCapabilities.codecs?.find(
      (codec) => codec.mimeType.toLowerCase() === 'video/vp8',
    );
  }

  sendTransport(transport: protocol.Transport, connect: Connect): Transport {
    return this.#connecting(this.#loaded.createSendTransport(transport as TransportOptions), connect);
  }

  receiveTransport(transport: protocol.Transport, connect: Connect): Transport {
    return this.#connecting(this.#loaded.createRecvTransport(transport as TransportOptions), connect);
  }

  get #loaded(): Device {
    if (!this.#device) throw new RequestFailed('browser', 'the media engine is not loaded');
    return this.#device;
  }

  #connecting(transport: Transport, connect: Connect): Transport {
    transport.on('connect', ({ dtlsParameters }: { dtlsParameters: DtlsParameters }, done, failed) => {
      connect({
        transportId: transport.id,
        dtlsParameters: { role: dtlsParameters.role ?? 'auto', fingerprints: dtlsParameters.fingerprints },
      }).then(done, failed);
    });
    return transport;
  }
}

/** Whether the browser can layer VP8 in this way. */
async function encodes(scalabilityMode: string): Promise<boolean> {
  try {
    const answer = await navigator.mediaCapabilities.encodingInfo({
      type: 'webrtc',
      video: {
        contentType: 'video/VP8',
        width: 1280,
        height: 720,
        bitrate: 2_000_000,
        framerate: 30,
        scalabilityMode,
      },
    });
    return answer.supported;
  } catch {
    return false;
  }
}

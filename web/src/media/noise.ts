const width = 320;
const height = 180;
const framesPerSecond = 30;

/** A picture that is hard to compress, and so fills a connection. */
export function noise(): { track: MediaStreamTrack; stop: () => void } {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * 4, height * 4];
  const context = canvas.getContext('2d');
  const small = document.createElement('canvas');
  [small.width, small.height] = [width, height];
  const smallContext = small.getContext('2d');
  const picture = new ImageData(width, height);
  const words = new Uint32Array(picture.data.buffer);

  const draw = () => {
    for (let at = 0; at < words.length; at++) words[at] = (Math.random() * 0x1000000) | 0xff000000;
    smallContext?.putImageData(picture, 0, 0);
    context?.drawImage(small, 0, 0, canvas.width, canvas.height);
  };
  draw();
  const timer = setInterval(draw, 1_000 / framesPerSecond);
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  if (!track) throw new Error('a canvas gives no track');
  return {
    track,
    stop: () => {
      clearInterval(timer);
      track.stop();
    },
  };
}

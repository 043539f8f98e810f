/** How somebody is drawn; colours as CSS writes them. */
export interface Looks {
  wall: string;
  light: string;
  skin: string;
  hair: string;
  shirt: string;
  longHair: boolean;
  glasses: boolean;
}

/** Four people in their rooms. */
export const looks: Looks[] = [
  {
    wall: '#c9b79c',
    light: '#f3e3c3',
    skin: '#f0c8a4',
    hair: '#5b3a29',
    shirt: '#3f6c6a',
    longHair: true,
    glasses: false,
  },
  {
    wall: '#8fa3ad',
    light: '#d5e2e6',
    skin: '#8d5a3b',
    hair: '#1f1714',
    shirt: '#d9a441',
    longHair: false,
    glasses: true,
  },
  {
    wall: '#a9b59a',
    light: '#e3ead6',
    skin: '#e3b189',
    hair: '#c8c4bd',
    shirt: '#7a4b5e',
    longHair: true,
    glasses: true,
  },
  {
    wall: '#b7a1b0',
    light: '#ecdde6',
    skin: '#d9a577',
    hair: '#33231b',
    shirt: '#46598a',
    longHair: false,
    glasses: false,
  },
];

/**
 * Runs in a page before its own scripts: gives it a drawn person for a camera, who breathes, and no other change. It
 * uses nothing from around it.
 */
export function installPortrait(person: Looks): void {
  const devices = navigator.mediaDevices;
  const capture = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await capture(constraints);
    const camera = stream.getVideoTracks()[0];
    if (!camera) return stream;
    stream.removeTrack(camera);
    stream.addTrack(drawn());
    return stream;
  };

  function drawn(): MediaStreamTrack {
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const pen = canvas.getContext('2d');
    const track = canvas.captureStream(10).getVideoTracks()[0];
    if (!pen || !track) throw new Error('this browser draws no pictures');
    setInterval(() => draw(pen, performance.now() / 1000), 100);
    draw(pen, 0);
    return track;
  }

  function oval(
    pen: CanvasRenderingContext2D,
    colour: string,
    x: number,
    y: number,
    rx: number,
    ry: number,
  ): void {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
    pen.fill();
  }

  function room(pen: CanvasRenderingContext2D): void {
    const wall = pen.createLinearGradient(0, 0, 1280, 720);
    wall.addColorStop(0, person.light);
    wall.addColorStop(1, person.wall);
    pen.fillStyle = wall;
    pen.fillRect(0, 0, 1280, 720);
    pen.fillStyle = person.light; // a window
    pen.fillRect(120, 90, 230, 300);
    pen.strokeStyle = '#fffaf0';
    pen.lineWidth = 16;
    pen.strokeRect(120, 90, 230, 300);
    pen.strokeRect(235, 90, 0, 300);
    pen.fillStyle = '#6b4f3a'; // a shelf with books
    pen.fillRect(930, 300, 290, 16);
    for (const [index, colour] of [
      '#8c4a3c',
      '#d8a657',
      '#4f6d5c',
      '#e9dcc3',
      '#556a8b',
      '#a2594a',
    ].entries()) {
      pen.fillStyle = colour;
      pen.fillRect(950 + index * 34, 195 + (index % 3) * 14, 26, 105 - (index % 3) * 14);
    }
  }

  function draw(pen: CanvasRenderingContext2D, time: number): void {
    const breath = 4 * Math.sin(time * 1.4);
    room(pen);
    if (person.longHair) oval(pen, person.hair, 640, 400 + breath, 190, 260);
    oval(pen, person.shirt, 640, 800 + breath, 380, 260);
    pen.fillStyle = person.skin;
    pen.fillRect(580, 470 + breath, 120, 110); // the neck
    oval(pen, person.skin, 640, 570 + breath, 62, 40);
    oval(pen, person.hair, 640, 300 + breath, 172, 190);
    oval(pen, person.skin, 640, 350 + breath, 148, 178);
    pen.fillStyle = person.hair; // the fringe
    pen.beginPath();
    pen.ellipse(640, 262 + breath, 160, 120, 0, Math.PI, 2 * Math.PI);
    pen.fill();
    for (const side of [-1, 1]) {
      oval(pen, '#fffdf8', 640 + side * 58, 340 + breath, 22, 15);
      oval(pen, '#2b2320', 640 + side * 58, 340 + breath, 11, 12);
      if (person.glasses) {
        pen.strokeStyle = '#2b2320';
        pen.lineWidth = 7;
        pen.beginPath();
        pen.ellipse(640 + side * 60, 342 + breath, 44, 38, 0, 0, 2 * Math.PI);
        pen.stroke();
      }
    }
    pen.strokeStyle = '#9b4f45';
    pen.lineWidth = 10;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.arc(640, 405 + breath, 62, 0.22 * Math.PI, 0.78 * Math.PI);
    pen.stroke();
  }
}

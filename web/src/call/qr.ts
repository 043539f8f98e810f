import type { QRCode } from './seam/invitations';

/** White squares around the code, which readers need (ISO/IEC 18004). */
const quietEdge = 4;

/** The QR code of a text; the code that makes it is loaded when it is needed first. */
export async function qrCode(text: string): Promise<QRCode> {
  const { encode } = await import('uqr');
  const { size, data } = encode(text, { ecc: 'M', border: quietEdge });
  const path = data.flatMap((row, y) =>
    runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`),
  );
  return { size, path: path.join('') };
}

/** Where dark squares stand side by side: start and length. */
function runsOf(row: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = [];
  row.forEach((dark, x) => {
    const last = runs.at(-1);
    if (!dark) return;
    if (last && last[0] + last[1] === x) last[1]++;
    else runs.push([x, 1]);
  });
  return runs;
}

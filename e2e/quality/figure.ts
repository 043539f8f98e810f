import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../harness/flow';

/** What browsers measured: a line of JSON for each figure, which internal/quality/measure reads. */
const file = join(output, 'quality.json');

/** A figure of a scenario; with an aim it is told whether that was met. */
export interface Figure {
  what: string;
  value: string;
  aim?: string;
  met?: boolean;
}

/** Forgets what was measured before. */
export function begin(): void {
  mkdirSync(output, { recursive: true });
  rmSync(file, { force: true });
}

/** Keeps the figures of a scenario. */
export function keep(scenario: string, figures: Figure[]): void {
  for (const figure of figures) {
    appendFileSync(file, `${JSON.stringify({ scenario, ...figure })}\n`);
    console.log(`${scenario}: ${figure.what}: ${figure.value}`);
  }
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share >= 0.1 ? 0 : 2)} %`;
}

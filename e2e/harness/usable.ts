import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faults } from './axe';
import { output } from './flow';

/** Screens to look at pages with. */
export const screens = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  small: { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
};

/** Screens with languages; the smallest only with the one that has the longer words. */
export const looks = (['en', 'de'] as const).flatMap((locale) =>
  Object.entries(screens)
    .filter(([screen]) => screen !== 'small' || locale === 'de')
    .map(([screen, options]) => ({ locale, screen, options })),
);

/** Finds whether everybody can use what the page shows now, and nothing sticks out at the side. Keeps a picture. */
export async function usable(page: Page, what: string): Promise<void> {
  await page.screenshot({ path: join(output, `${what.replace(/[^a-z]+/g, '-')}.png`), fullPage: true });
  expect(await faults(page), what).toEqual([]);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content, what).toBeLessThanOrEqual(window ?? 0);
}

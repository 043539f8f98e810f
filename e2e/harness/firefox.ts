import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { Complaints } from './complaints';
import { installProbe } from './probe';
import type { Tab } from './tab';

const executable = process.env.STUBE_FIREFOX ?? '/usr/bin/firefox-esr';

/** Starts Firefox; whoever starts it closes it. Its picture changes its colour, its sound is a tone. */
export function launchFirefox(): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: executable,
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      'intl.accept_languages': 'en-GB, en',
    },
  });
}

/** A page of Firefox, driven over WebDriver BiDi. */
export class FirefoxTab implements Tab {
  readonly page: Page;
  readonly complaints: Complaints;

  private constructor(page: Page, complaints: Complaints) {
    this.page = page;
    this.complaints = complaints;
  }

  static async open(browser: Browser, origin: string): Promise<FirefoxTab> {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 720 });
    await page.evaluateOnNewDocument(installProbe);
    const complaints = new Complaints(origin);
    page.on('console', (message) => complaints.console(message.type(), message.text()));
    page.on('pageerror', (error) => complaints.thrown(error));
    page.on('request', (request) => complaints.requested(request.url()));
    page.on('requestfailed', (request) =>
      complaints.failed(request.url(), request.failure()?.errorText ?? ''),
    );
    page.on('response', (response) => complaints.answered(response.url(), response.status()));
    return new FirefoxTab(page, complaints);
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
  }

  async run<Argument, Result>(
    work: (argument: Argument) => Result,
    argument: Argument,
  ): Promise<Awaited<Result>> {
    return (await this.page.evaluate(work as (argument: unknown) => Result, argument)) as Awaited<Result>;
  }

  async click(button: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${button}"][role="button"])`).click();
  }

  async fill(textbox: string, text: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${textbox}"][role="textbox"])`).fill(text);
  }

  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file as `${string}.png` });
  }

  close(): Promise<void> {
    return this.page.browserContext().close();
  }
}

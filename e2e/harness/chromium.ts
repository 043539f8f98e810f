import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { Complaints } from './complaints';
import { installProbe } from './probe';
import type { Tab } from './tab';
import { installWire } from './wire';

const executable = process.env.STUBE_CHROMIUM ?? '/usr/bin/chromium';

/** How long what is to be clicked may take to be there, in ms. */
const deadline = 30_000;

/** What devices the browser has, and what the person answers when a page asks for them. */
export type Devices = 'usual' | 'none' | 'refused';

const flags: Record<Devices, string[]> = {
  // Moving pictures and a beep; few frames a second, as all is coded in software. Of the cameras the second gives
  // pictures of a kind (Y16) that Chromium shows but doesn't send.
  usual: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=device-count=3,fps=10'],
  none: ['--use-fake-ui-for-media-stream'],
  refused: ['--use-fake-ui-for-media-stream=deny', '--use-fake-device-for-media-stream'],
};

/** Starts Chromium; whoever starts it closes it. Microphones may hear a file over and over instead of a beep. */
export function launchChromium(devices: Devices = 'usual', heard?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    chromiumSandbox: false, // it doesn't work for root, as whom tests may run
    args: [
      ...flags[devices],
      ...(heard ? [`--use-file-for-fake-audio-capture=${heard}`] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of Chromium, with storage of its own. */
export class ChromiumTab implements Tab {
  readonly page: Page;
  readonly complaints: Complaints;
  /** What every request told the server, and whoever is between, in its head: address and headers. */
  readonly sent: string[] = [];
  /** Every message that the server sent on a WebSocket. */
  readonly heard: string[] = [];

  private constructor(page: Page, complaints: Complaints) {
    this.page = page;
    this.complaints = complaints;
  }

  static async open(
    browser: Browser,
    origin: string,
    options: BrowserContextOptions = {},
  ): Promise<ChromiumTab> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 720 },
      locale: 'en-GB',
      ignoreHTTPSErrors: true,
      ...options,
    });
    context.setDefaultTimeout(deadline);
    await context.addInitScript(installProbe);
    await context.addInitScript(installWire);
    const page = await context.newPage();
    const complaints = new Complaints(origin);
    page.on('console', (message) => complaints.console(message.type(), message.text()));
    page.on('pageerror', (error) => complaints.thrown(error));
    page.on('request', (request) => complaints.requested(request.url()));
    page.on('websocket', (socket) => complaints.requested(socket.url()));
    page.on('requestfailed', (request) =>
      complaints.failed(request.url(), request.failure()?.errorText ?? ''),
    );
    page.on('response', (response) => complaints.answered(response.url(), response.status()));
    const tab = new ChromiumTab(page, complaints);
    page.on('request', (request) => {
      const [address = ''] = request.url().split('#'); // the fragment stays in the browser
      tab.sent.push(`${address} ${JSON.stringify(request.headers())}`);
    });
    page.on('websocket', (socket) => {
      tab.sent.push(socket.url());
      socket.on('framereceived', ({ payload }) => tab.heard.push(payload.toString()));
    });
    return tab;
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
  }

  async run<Argument, Result>(
    work: (argument: Argument) => Result,
    argument: Argument,
  ): Promise<Awaited<Result>> {
    // Playwright's own type of the function adds handles to its argument, which isn't of use here.
    return (await this.page.evaluate(work as (argument: unknown) => Result, argument)) as Awaited<Result>;
  }

  click(button: string): Promise<void> {
    return this.page.getByRole('button', { name: button, exact: true }).click();
  }

  fill(textbox: string, text: string): Promise<void> {
    return this.page.getByRole('textbox', { name: textbox, exact: true }).fill(text);
  }

  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

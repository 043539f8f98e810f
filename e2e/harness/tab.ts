import type { Complaints } from './complaints';

/** What flows do with a page in any browser. Controls are named as a screen reader names them. */
export interface Tab {
  readonly complaints: Complaints;
  open(address: string): Promise<void>;
  /** Runs a function in the page. It must not use anything from around it. */
  run<Argument, Result>(work: (argument: Argument) => Result, argument: Argument): Promise<Awaited<Result>>;
  /** Waits for a button and clicks it. */
  click(button: string): Promise<void>;
  /** Waits for a text box and types over what it holds. */
  fill(textbox: string, text: string): Promise<void>;
  screenshot(file: string): Promise<void>;
  close(): Promise<void>;
}

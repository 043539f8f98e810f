import type { Reporter, TestModule } from 'vitest/node';

/** How much of a failure's first line is printed, in characters. */
const most = 200;

/** Lists at the very end what failed, a line each: what was seen meanwhile may fill many screens. */
export default class Closing implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      const file = `failed: ${module.relativeModuleId}`;
      for (const { message } of module.errors()) console.error(`${file}: ${firstLine(message)}`); // it cannot even be read
      for (const test of module.children.allTests('failed')) {
        console.error(`${file} > ${test.name}: ${firstLine(test.result().errors?.[0]?.message)}`);
      }
    }
  }
}

function firstLine(message = ''): string {
  return message.split('\n', 1).join('').slice(0, most);
}

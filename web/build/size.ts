import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Prints the gzip size of all JavaScript and CSS of the page after a build, and fails the build when it passes
 * the limit.
 */
export function pageSize(limit: number): Plugin {
  return {
    name: 'stube-page-size',
    apply: 'build',
    writeBundle(_, bundle) {
      let first = 0;
      let all = 0;
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css)$/.test(file.fileName)) continue;
        const size = gzipSync(file.type === 'chunk' ? file.code : file.source).length;
        all += size;
        if (file.type === 'asset' || file.isEntry) first += size;
      }
      const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
      this.info(
        `JavaScript and CSS, gzip: ${kilobytes(all)} KB in all, ${kilobytes(first)} KB of them before the first ` +
          `paint; limit ${kilobytes(limit)} KB`,
      );
      if (all > limit) this.error(`the page is larger than ${kilobytes(limit)} KB`);
    },
  };
}

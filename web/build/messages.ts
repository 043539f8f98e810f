import type { Plugin } from 'vite';

/** A text of a message in one language, as the compiler of messages writes it. */
const text = /^const ([a-z]+)_\w+ = .*\(i?\) => \{\n\treturn \/\*\* .* \*\/ \((`(?:[^`\\]|\\.)*`)\)\n\};$/gm;
/** The function that chooses among them, the last thing in the file. */
const chosen = /^export const (\w+) = /m;

/**
 * Says the texts of a message where the language is chosen, instead of in a function for each: hundreds of messages
 * are much of a small page. Messages that are written in another way, such as with plurals, stay as they are.
 */
export function inlineMessages(base: string): Plugin {
  return {
    name: 'stube-inline-messages',
    apply: 'build',
    transform(code, id) {
      if (!/\/paraglide\/messages\/[^/]+\.js$/.test(id) || id.includes('_index')) return;
      const texts = new Map([...code.matchAll(text)].map(([, locale, template]) => [locale, template]));
      const [, name] = chosen.exec(code) ?? [];
      const first = texts.get(base);
      if (!name || !first || texts.size < 2 || code.match(/^const /gm)?.length !== texts.size) return;
      const others = [...texts].filter(([locale]) => locale !== base);
      const choice = others.map(([locale, template]) => `locale === '${locale}' ? ${template} : `).join('');
      return {
        code:
          `import { getLocale } from '../runtime.js';\n` +
          `export const ${name} = (i, options, locale = options?.locale ?? getLocale()) => ${choice}${first};\n`,
        map: null,
      };
    },
  };
}

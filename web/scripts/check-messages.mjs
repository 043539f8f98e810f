// Fails when a language lacks a message, has one too many or other inputs, or when no source file uses it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;

function load(language) {
  const messages = JSON.parse(readFileSync(join(root, 'messages', `${language}.json`), 'utf8'));
  delete messages.$schema;
  return messages;
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'paraglide') yield* sources(path);
    else if (/\.(svelte|ts)$/.test(entry.name)) yield path;
  }
}

const inputs = (message) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort().join(' ');

const languages = JSON.parse(readFileSync(join(root, 'project.inlang/settings.json'), 'utf8')).locales;
const [base, ...others] = languages.map((language) => ({ language, messages: load(language) }));
const used = new Set();
for (const path of sources(join(root, 'src'))) {
  for (const [, key] of readFileSync(path, 'utf8').matchAll(/\bm\.(\w+)/g)) used.add(key);
}

const problems = [];
for (const { language, messages } of others) {
  for (const key of Object.keys(base.messages)) {
    if (!(key in messages)) problems.push(`${language} lacks ${key}`);
    else if (inputs(messages[key]) !== inputs(base.messages[key]))
      problems.push(`${language}: ${key} has other inputs`);
  }
  for (const key of Object.keys(messages)) {
    if (!(key in base.messages)) problems.push(`${language} has ${key}, which ${base.language} lacks`);
  }
}
for (const key of Object.keys(base.messages)) if (!used.has(key)) problems.push(`${key} is used nowhere`);
for (const key of used) if (!(key in base.messages)) problems.push(`${key} is used and written nowhere`);

for (const problem of problems) console.error(`messages: ${problem}`);
if (problems.length > 0) process.exit(1);
console.log(`messages: ${Object.keys(base.messages).length} in ${languages.length} languages, all used`);

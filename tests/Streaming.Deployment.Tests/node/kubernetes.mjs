// node kubernetes.mjs FILE...: checks every Kubernetes object in the YAML files, and prints {checked, errors: [...]} as JSON.
// Values are checked against the OpenAPI schema of the object's kind. Those schemas let unknown fields pass: each object is therefore also
// written as a TypeScript literal of its kind's interface, and the compiler refuses fields that the interface does not have.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import yaml from 'js-yaml';

const packages = { 'gateway.networking.k8s.io': '@kubernetes-models/gateway-api', 'monitoring.coreos.com': '@kubernetes-models/prometheus-operator' };

function moduleOf({ apiVersion, kind }) {
  const [version, group] = apiVersion.split('/').reverse();
  return [packages[group] ?? 'kubernetes-models', group, version, kind].filter(Boolean).join('/');
}

// The API server drops nulls.
function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null).map(([key, inner]) => [key, withoutNulls(inner)]));
}

async function wrongValues(name, object) {
  try {
    const models = await import(moduleOf(object));
    new models[object.kind](object).validate();
    return [];
  } catch (e) {
    return [`${name}: ${e.message.split('\n').slice(0, 6).join(' | ')}`];
  }
}

function unknownFields(named) {
  const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), 'node_modules', '.objects-'));
  try {
    const file = join(folder, 'objects.ts');
    const lines = named.map(({ object }, i) =>
      `import type { I${object.kind} as T${i} } from ${JSON.stringify(moduleOf(object))}; export const o${i}: T${i} = ${JSON.stringify(object)};`);
    writeFileSync(file, lines.join('\n'));
    const program = ts.createProgram([file], {
      noEmit: true, skipLibCheck: true, strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
    });
    return ts.getPreEmitDiagnostics(program).map((d) => {
      const line = d.file ? d.file.getLineAndCharacterOfPosition(d.start).line : 0;
      return `${named[line].name}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const named = process.argv.slice(2).flatMap((file) => yaml.loadAll(readFileSync(file, 'utf8')).filter(Boolean)
  .map((object) => ({ name: `${file}: ${object.kind} ${object.metadata?.name}`, object: withoutNulls(object) })));
const errors = (await Promise.all(named.map(({ name, object }) => wrongValues(name, object)))).flat();
console.log(JSON.stringify({ checked: named.length, errors: [...errors, ...unknownFields(named)] }));

// node yaml.mjs FILE...: prints the objects in each YAML file as JSON, {file: [object, ...]}.
import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';

const objects = (file) => yaml.loadAll(readFileSync(file, 'utf8')).filter((object) => object !== null && object !== undefined);
console.log(JSON.stringify(Object.fromEntries(process.argv.slice(2).map((file) => [file, objects(file)]))));

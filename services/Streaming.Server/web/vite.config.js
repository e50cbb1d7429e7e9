import { defineConfig } from 'vite';

// One script and one style sheet under names of their own: the server embeds them and answers with ETags.
export default defineConfig({
  build: {
    target: 'es2022',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]', codeSplitting: false },
    },
  },
});

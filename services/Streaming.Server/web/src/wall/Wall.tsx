import { useState } from 'preact/hooks';
import { mayChange, useServer } from '../app/server';
import { Icon } from '../parts/Icon';
import { plural } from '../words/numbers';
import { AddCamera } from './AddCamera';
import { DropZone } from './DropZone';
import { FilmTile } from './FilmTile';
import { StreamTile } from './StreamTile';
import { UploadButton } from './UploadButton';
import { UploadList } from './UploadList';

/** All streams as they are now, all films, and the way in for more of both. */
export function Wall() {
  const server = useServer();
  const [adds, setAdds] = useState(false);
  const { streams, files } = server;
  const isEmpty = streams.length === 0 && files.length === 0;
  const running = streams.filter((stream) => stream.state === 'running').length;
  return (
    <DropZone isOpen={mayChange(server)}>
      <header class="heading">
        <h1>Wall</h1>
        <p class="quiet">{plural(streams.length, 'stream')}{streams.length > 0 && `, ${running} running`} · {plural(files.length, 'film')}</p>
        {mayChange(server) && (
          <div class="actions">
            <button type="button" onClick={() => setAdds(true)}><Icon name="plus" />Add a camera</button>
            <UploadButton />
          </div>
        )}
      </header>
      <UploadList />
      {isEmpty && <Nothing mayAdd={mayChange(server)} onAdd={() => setAdds(true)} />}
      {streams.length > 0 && <ul class="tiles" aria-label="Streams">{streams.map((stream) => <StreamTile key={stream.name} stream={stream} of={streams.length} />)}</ul>}
      {files.length > 0 && (
        <section aria-labelledby="films">
          <h2 id="films">Films</h2>
          <ul class="tiles small">{files.map((file) => <FilmTile key={file.id} file={file} />)}</ul>
        </section>
      )}
      {adds && <AddCamera onClose={() => setAdds(false)} />}
    </DropZone>
  );
}

function Nothing({ mayAdd, onAdd }: { mayAdd: boolean; onAdd: () => void }) {
  return (
    <div class="empty">
      <p class="large">There is nothing to look at yet.</p>
      <p>{mayAdd ? 'Add a camera by its RTSP address, or drop a film anywhere on this page.' : 'Whoever runs this server has not added a camera or a film that you may see.'}</p>
      {mayAdd && <button type="button" class="primary" onClick={onAdd}><Icon name="plus" />Add a camera</button>}
    </div>
  );
}

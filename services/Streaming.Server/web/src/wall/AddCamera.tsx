import { useState } from 'preact/hooks';
import { post, wordsOf } from '../api/http';
import { useServer } from '../app/server';
import { Dialog } from '../parts/Dialog';
import { hereZone } from '../words/time';

/** Declares a stream: a camera by its address, or a film that is played as if it were one. */
export function AddCamera({ onClose }: { onClose: () => void }) {
  const { files, again } = useServer();
  const [film, setFilm] = useState('');
  const [said, setSaid] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    setIsBusy(true);
    try {
      const source = film ? { file: film } : { url: text('url') };
      await post('/v1/streams', { name: text('name'), ...source, decode: text('decode') || undefined, time_zone: text('zone') || undefined });
      again();
      onClose();
    } catch (problem) {
      setSaid(wordsOf(problem));
    }
    setIsBusy(false);
  };
  return (
    <Dialog title="Add a camera" onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <label for="camera-name">Name</label>
        <input id="camera-name" name="name" maxLength={64} required autocomplete="off" placeholder="door" autofocus />
        {files.length > 0 && <>
          <label for="camera-source">Source</label>
          <select id="camera-source" value={film} onChange={(event) => setFilm(event.currentTarget.value)}>
            <option value="">a camera</option>
            {files.map((file) => <option key={file.id} value={file.id}>the film {file.name}, played as a camera would show it</option>)}
          </select>
        </>}
        {!film && <>
          <label for="camera-url">Address</label>
          <input id="camera-url" name="url" inputMode="url" maxLength={2048} required autocomplete="off" spellcheck={false} placeholder="rtsp://user:password@camera/stream" aria-describedby="camera-url-hint" />
          <p id="camera-url-hint" class="hint">rtsp:// or rtsps://. The password is stored, and never shown again. The camera need not be up yet.</p>
        </>}
        <label for="camera-decode">Pictures</label>
        <select id="camera-decode" name="decode">
          <option value="all">all frames</option>
          <option value="intra">intra frames only, at a fraction of the cost</option>
        </select>
        <label for="camera-zone">Time zone</label>
        <input id="camera-zone" name="zone" defaultValue={hereZone} autocomplete="off" spellcheck={false} />
        <p class="failed" role="alert">{said}</p>
        <footer><button type="button" onClick={onClose}>Cancel</button><button type="submit" class="primary" disabled={isBusy}>Add</button></footer>
      </form>
    </Dialog>
  );
}

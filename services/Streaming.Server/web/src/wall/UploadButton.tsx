import { useRef } from 'preact/hooks';
import { Icon } from '../parts/Icon';
import { send } from './uploads';

/** Chooses films and sends them. */
export function UploadButton() {
  const field = useRef<HTMLInputElement>(null);
  const choose = () => {
    [...field.current!.files ?? []].forEach((file) => void send(file));
    field.current!.value = '';
  };
  return <>
    <button type="button" onClick={() => field.current!.click()}><Icon name="upload" />Upload a film</button>
    <input ref={field} class="hidden" type="file" accept="video/*,.mkv,.ts,.gif" multiple tabIndex={-1} aria-label="Film" onChange={choose} />
  </>;
}

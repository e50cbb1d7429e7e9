import { useEffect, useRef, useState } from 'preact/hooks';
import { post, wordsOf } from '../api/http';

/** Asks for a key, which becomes a cookie that scripts cannot read. */
export function SignIn({ onOpen }: { onOpen: () => void }) {
  const [said, setSaid] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      await post('/v1/session', { key: field.current!.value });
      onOpen();
    } catch (problem) {
      setSaid(wordsOf(problem));
      field.current!.select();
    }
  };
  return (
    <main class="blank">
      <form class="sign-in card" onSubmit={submit}>
        <img src="/icon.svg" alt="" width="44" height="44" />
        <h1>Streaming</h1>
        <p>This server asks for a key. Whoever runs it makes one with <code>./run keys add NAME</code>.</p>
        <label for="key">Key</label>
        <input id="key" ref={field} type="password" required autocomplete="current-password" spellcheck={false} aria-describedby="key-said" />
        <button type="submit" class="primary">Sign in</button>
        <p id="key-said" class="failed" role="alert">{said}</p>
      </form>
    </main>
  );
}

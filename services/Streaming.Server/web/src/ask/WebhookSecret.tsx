import { CopyField } from '../parts/CopyField';

/** The secret that signs what is sent to a webhook: the server tells it this once. */
export function WebhookSecret({ address, secret, onClose }: { address: string; secret: string; onClose: () => void }) {
  return (
    <div class="form">
      <p>It is watched from now on, and each event is posted to <b>{address}</b>.</p>
      <p>With this secret the receiver checks, as <a href="https://www.standardwebhooks.com" rel="noreferrer">Standard Webhooks</a> has it, that an event comes from here. <b>It is shown only now:</b> keep it where the receiver finds it.</p>
      <CopyField label="Secret" text={secret} />
      <footer><button type="button" class="primary" onClick={onClose}>I have kept it</button></footer>
    </div>
  );
}

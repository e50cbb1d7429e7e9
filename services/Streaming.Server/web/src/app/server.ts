import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FileDocument, Session, StreamDocument } from '../api/documents';

/** What the server holds, as it was last told. */
export interface Server {
  session: Session;
  streams: StreamDocument[];
  files: FileDocument[];
  model: string;
  /** Looks at once, for instance after something was changed. */
  again: () => void;
}

export const ServerContext = createContext<Server | null>(null);

export function useServer(): Server {
  const server = useContext(ServerContext);
  if (!server)
    throw new Error('there is no server here');
  return server;
}

/** Whether the reader may change streams, films and watches. */
export const mayChange = (server: Server) => server.session.role !== 'viewer';

import express from 'express';
import type { AudioFormat } from '../media/audio-encoder.ts';

/** Recordings are kept for 30 days by Vonage; here until newer ones need their room. */
const MOST_BYTES = 256 * 1024 * 1024;

/** What a file is: a recording, or what was said in one. */
export type FileKind = AudioFormat | 'json';

const TYPES: Record<FileKind, string> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  json: 'application/json',
};

export interface RecordedFile {
  kind: FileKind;
  content: Buffer;
}

/** The recorded files of all applications. */
export interface RecordedFiles {
  /** Keeps a file. The oldest go when there are too many; the newest stays in any case. */
  keep(id: string, applicationId: string, file: RecordedFile): void;
  /** The file, for the application that it belongs to. */
  get(id: string, applicationId: string): RecordedFile | undefined;
}

export function createRecordedFiles(mostBytes = MOST_BYTES): RecordedFiles {
  const files = new Map<string, { applicationId: string; file: RecordedFile }>();
  let bytes = 0;
  return {
    keep(id, applicationId, file) {
      files.set(id, { applicationId, file });
      bytes += file.content.length;
      for (const [oldest, kept] of files) {
        if (bytes <= mostBytes || oldest === id) return;
        files.delete(oldest);
        bytes -= kept.file.content.length;
      }
    },
    get(id, applicationId) {
      const kept = files.get(id);
      return kept?.applicationId === applicationId ? kept.file : undefined;
    },
  };
}

/**
 * Serves recordings, `GET /v1/files/{id}`, to the application that made them.
 * @param applicationOf the application whose token an `Authorization` header bears; undefined when it is not valid.
 */
export function filesRouter(
  files: RecordedFiles,
  applicationOf: (authorization: string | undefined) => Promise<{ id: string } | undefined>,
): express.Router {
  const router = express.Router();
  router.get('/:id', async (request, response) => {
    const application = await applicationOf(request.headers.authorization);
    if (!application) {
      return void response.status(401).json({
        type: 'UNAUTHORIZED',
        error_title: 'Unauthorized',
        detail: 'A recording is for a token of the application that made it.',
      });
    }
    const file = files.get(request.params.id, application.id);
    if (!file) {
      return void response.status(404).json({
        type: 'NOT_FOUND',
        error_title: 'Not found',
        detail: 'No such recording, or it belongs to another application.',
      });
    }
    response.type(TYPES[file.kind]).send(file.content);
  });
  return router;
}

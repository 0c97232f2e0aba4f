import { expect } from "vitest";

import {
  makeFilm,
  makeGif,
  makePdf,
  makePhoto,
  makePng,
  makeText,
  makeVoice,
  makeWav,
  sendFiles,
} from "../harness/files";
import { journey } from "../harness/journey";

journey("each kind of file arrives as what it is", async ({ host, server }) => {
  const { company, roomId } = await host.makePair();
  const files = [
    await makePhoto("harbour.jpg"),
    await makePng("plan.png"),
    await makeGif("wave.gif"),
    await makeFilm("tour.mp4"),
    await makeVoice(),
    await makeWav("song.wav"),
    makePdf("contract.pdf"),
    makeText("notes.txt"),
  ];
  const { attachments } = await sendFiles(server, company, roomId, files);
  expect(attachments.map(({ kind }) => kind)).toEqual([
    "image",
    "image",
    "image",
    "video",
    "voice",
    "audio",
    "pdf",
    "file",
  ]);
});

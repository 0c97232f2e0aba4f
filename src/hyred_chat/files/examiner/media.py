"""Sound and moving pictures: spoken words as AAC in MP4, which every browser plays; how long it is, and what it shows.

Moving pictures are not coded anew, which takes minutes, nor is sound that every browser plays. Their tracks are put
into a new container, without what is written beside them: where, when and with what it was taken, by whom, and covers.

PyAV is an extra (`hyred-chat[media]`). Without it, nothing is looked into: what was recorded is played where it can be.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from hyred_chat.files.examiner.errors import RefusedError
from hyred_chat.files.examiner.previews import write_previews
from hyred_chat.files.examiner.sniffing import PLAIN

try:
    import av
except ImportError:
    IS_AVAILABLE = False
else:
    IS_AVAILABLE = True

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

MAX_PIXELS: Final = 9_000_000  # of a frame: 4K
WAVEFORM_PEAKS: Final = 64
_RATE: Final = 24_000
_PEAK_SAMPLES: Final = 480  # a fiftieth of a second
_VOICE_BITS: Final = 32_000
_SOUND_BITS: Final = 128_000
_SOUND_RATE: Final = 48_000
# What all browsers play as it is, and FFmpeg's names of their containers.
_PLAYED: Final = {
    "audio/mpeg": "mp3",
    "audio/mp4": "mp4",
    "audio/aac": "adts",
    "audio/flac": "flac",
    "audio/wav": "wav",
}
# A container that says nothing of itself: no title, no program that wrote it, no tags before the sound.
_SILENT: Final = {"fflags": "+bitexact", "id3v2_version": "0"}
_WEBM_CODECS: Final = frozenset({"vp8", "vp9", "av1", "libdav1d", "libvpx", "libvpx-vp9", "opus", "libopus", "vorbis"})
_MP4: Final = {"contentType": "audio/mp4", "extension": ".m4a", "extensions": [".mp4"], "isContent": True}


def examine(source: BinaryIO, outputs: Mapping[str, BinaryIO], content_type: str, *, is_voice: bool) -> dict[str, Any]:
    """Look into a recording. Raises `RefusedError`.

    Args:
        content_type: of its container.
        is_voice: whether its owner says that it was spoken.
    """
    try:
        return _look_into(source, outputs, content_type, is_voice=is_voice)
    except (av.FFmpegError, ValueError, EOFError):
        raise RefusedError("broken") from None


def _look_into(
    source: BinaryIO, outputs: Mapping[str, BinaryIO], content_type: str, *, is_voice: bool
) -> dict[str, Any]:
    with av.open(source, mode="r", metadata_errors="ignore") as container:
        pictures = [
            each for each in container.streams.video if not each.disposition & av.stream.Disposition.attached_pic
        ]
        if pictures and not is_voice:
            found = _look_at(container, pictures[0], outputs)
            source.seek(0)
            return found | _put_anew(source, outputs["content"], content_type)
        if not container.streams.audio:
            raise RefusedError("broken")
        found = _listen_to(container, container.streams.audio[0], outputs, content_type, is_voice=is_voice)
    if not found.get("isContent"):
        source.seek(0)
        found["isContent"] = _put_sound_anew(source, outputs["content"], _PLAYED[found["contentType"]])
    return found


def warm_up() -> None:
    """Load what is needed, by using it once."""
    if not IS_AVAILABLE:
        return
    recording = BytesIO()
    with av.open(recording, "w", format="mp4") as target:
        _write(target, _silence(), bits=_VOICE_BITS, rate=_RATE, layout="mono")
    recording.seek(0)
    examine(recording, {"content": BytesIO()}, "audio/mp4", is_voice=True)
    recording = BytesIO()
    with av.open(recording, "w", format="mp4") as target:
        stream = target.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 16
        for number in range(2):
            frame = av.VideoFrame(16, 16, "yuv420p")
            frame.pts = number
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    recording.seek(0)
    examine(recording, {each: BytesIO() for each in ("content", "preview", "large")}, "video/mp4", is_voice=False)


def _silence() -> "Iterator[av.AudioFrame]":
    frame = av.AudioFrame(format="s16", layout="mono", samples=4096)
    frame.sample_rate = _RATE
    frame.pts = 0
    yield frame


def _listen_to(
    container: "InputContainer",
    stream: "AudioStream",
    outputs: Mapping[str, BinaryIO],
    content_type: str,
    *,
    is_voice: bool,
) -> dict[str, Any]:
    """Write what is spoken, or what not all browsers play, anew."""
    stream.codec_context.thread_count = 1
    content_type = content_type.replace("video/", "audio/")
    peaks = _Peaks(is_wanted=is_voice)
    frames = peaks.listen(container.decode(stream))
    found: dict[str, Any] = {"kind": "voice" if is_voice else "audio", "contentType": content_type}
    if is_voice or content_type not in _PLAYED:
        bits, rate, layout = (_VOICE_BITS, _RATE, "mono") if is_voice else (_SOUND_BITS, _SOUND_RATE, "stereo")
        with av.open(outputs["content"], "w", format="mp4") as target:
            _write(target, frames, bits=bits, rate=rate, layout=layout)
        found |= _MP4
    else:
        for _ in frames:
            pass
    if not peaks.duration_ms:
        raise RefusedError("broken")  # there is nothing to be heard
    return found | {"durationMs": peaks.duration_ms} | ({"waveform": peaks.waveform()} if is_voice else {})


def _write(target: Any, frames: "Iterator[av.AudioFrame]", *, bits: int, rate: int, layout: str) -> None:
    stream = target.add_stream("aac", rate=rate, layout=layout, bit_rate=bits)
    stream.codec_context.thread_count = 1
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
    for frame in frames:
        for each in resampler.resample(frame):
            target.mux(stream.encode(each))
    for each in resampler.resample(None):
        target.mux(stream.encode(each))
    target.mux(stream.encode(None))


def _look_at(container: "InputContainer", stream: "VideoStream", outputs: Mapping[str, BinaryIO]) -> dict[str, Any]:
    """What a moving picture shows first, and how long it is."""
    stream.codec_context.thread_count = 1
    if stream.width * stream.height > MAX_PIXELS:
        raise RefusedError("too_complex")
    frame = next(container.decode(stream), None)
    if frame is None:
        raise RefusedError("broken")
    poster = frame.to_image()
    if (turned := getattr(frame, "rotation", 0) % 360) in (90, 180, 270):
        poster = poster.rotate(turned, expand=True)
    duration = container.duration
    found: dict[str, Any] = {"kind": "video", "width": poster.width, "height": poster.height}
    if duration is not None and duration > 0:
        found["durationMs"] = duration // 1000
    return found | write_previews(poster, outputs)


def _put_sound_anew(source: BinaryIO, content: BinaryIO, form: str) -> bool:
    """Put what is heard into a new container, without titles, comments and covers; whether there is one for it."""
    with av.open(source, mode="r", metadata_errors="ignore") as container:
        stream = container.streams.audio[0]
        try:
            with av.open(content, "w", format=form, options=_SILENT) as target:
                track = target.add_stream_from_template(stream)
                for packet in container.demux(stream):
                    if packet.dts is not None:
                        packet.stream = track
                        target.mux(packet)
        except (av.FFmpegError, ValueError):
            content.seek(0)
            content.truncate()
            return False
    return True


def _put_anew(source: BinaryIO, content: BinaryIO, content_type: str) -> dict[str, Any]:
    """Put the tracks into a new container; where there is none for them, the file is kept as it came."""
    with av.open(source, mode="r", metadata_errors="ignore") as container:
        streams = [*container.streams.video[:1], *container.streams.audio[:1]]
        is_webm = all(each.codec_context.name in _WEBM_CODECS for each in streams)
        if content_type == "video/webm" and not is_webm:
            return {"kind": "file", "contentType": PLAIN}  # Matroska with other codecs, which no browser plays
        try:
            with av.open(content, "w", format="webm" if is_webm else "mp4") as target:
                tracks = {each.index: target.add_stream_from_template(each) for each in streams}
                for packet in container.demux(streams):
                    if packet.dts is not None:  # the last one of each says that there are no more
                        packet.stream = tracks[packet.stream.index]
                        target.mux(packet)
        except (av.FFmpegError, ValueError):
            content.seek(0)
            content.truncate()
            return {"contentType": content_type}
    if is_webm:
        return {"contentType": "video/webm", "extension": ".webm", "extensions": [], "isContent": True}
    return {"contentType": "video/mp4", "extension": ".mp4", "extensions": [".m4v"], "isContent": True}


class _Peaks:
    """How long a recording is, and how loud from moment to moment, where that is wanted."""

    def __init__(self, *, is_wanted: bool) -> None:
        self._is_wanted = is_wanted
        self.loudest: list[int] = []
        self._samples = 0
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=_RATE)

    @property
    def duration_ms(self) -> int:
        """How long it is."""
        return self._samples * 1000 // _RATE

    def listen(self, frames: "Iterator[av.AudioFrame]") -> "Iterator[av.AudioFrame]":
        """The same frames."""
        for frame in frames:
            for each in self._resampler.resample(frame):
                samples = memoryview(bytes(each.planes[0]))[: each.samples * 2].cast("h")
                self._samples += each.samples
                for start in range(0, each.samples if self._is_wanted else 0, _PEAK_SAMPLES):
                    part = samples[start : start + _PEAK_SAMPLES]
                    self.loudest.append(max(*part, -min(part)))
            yield frame

    def waveform(self) -> list[int]:
        """The loudest moment of each part of it, of the loudest of all, 0 to 100."""
        most = max(1, *self.loudest)
        count = min(WAVEFORM_PEAKS, len(self.loudest))
        bounds = [number * len(self.loudest) // count for number in range(count + 1)]
        return [round(100 * max(self.loudest[start:end]) / most) for start, end in pairwise(bounds)]

#!/usr/bin/python3
"""An RTSP camera for tests and demonstrations: streams a test picture, or a film in a loop, at rtsp://ADDRESS:PORT/cam until it is killed.

Prints "ready PORT" on standard output once it listens. Serves TCP and UDP; digest authentication if --user is given.
With --until-eof it also ends when its standard input does, and so with whoever started it, however that one ends.
"""

import argparse
import os
import subprocess
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

REALM = "camera"
ENCODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={rate} ! video/x-h264,profile=baseline",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max={rate}",
}
# SPS and PPS before every intra frame, so that a reader may join at any time.
PAYLOADERS = {"h264": "h264parse ! rtph264pay name=pay0 config-interval=-1", "h265": "h265parse ! rtph265pay name=pay0 config-interval=-1"}


class Camera(GstRtspServer.RTSPMediaFactory):
    def __init__(self, options):
        super().__init__()
        self.options = options
        self.player = None
        self.set_shared(True)

    def do_create_element(self, url):
        return Gst.parse_launch(f"( {self.source()} ! {PAYLOADERS[self.options.codec]} )")

    def source(self):
        o = self.options
        if o.file:
            # The ffmpeg program loops the film at its own pace without encoding it again.
            player = subprocess.Popen(
                ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", o.file, "-an", "-c", "copy", "-f", "mpegts", "-"],
                stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
            self.player = player
            return f"fdsrc fd={player.stdout.fileno()} do-timestamp=true ! tsdemux"
        encoder = ENCODERS[o.codec].format(rate=o.rate)
        return f"videotestsrc is-live=true pattern=ball ! video/x-raw,width={o.width},height={o.height},framerate={o.rate}/1 ! {encoder}"


def authentication(user, password):
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
    auth.set_realm(REALM)
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "viewer")
    auth.add_digest(user, password, token)
    return auth


def end_with_standard_input(factory):
    sys.stdin.read()
    if factory.player:
        factory.player.kill()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="127.0.0.1", help="where it listens; 0.0.0.0: everywhere")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--codec", choices=ENCODERS, default="h264")
    parser.add_argument("--file", help="a film in this codec, without B-frames; default: a moving ball")
    parser.add_argument("--width", type=int, default=320)
    parser.add_argument("--height", type=int, default=240)
    parser.add_argument("--rate", type=int, default=10, help="pictures a second")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    options = parser.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPServer(address=options.address, service=str(options.port))
    factory = Camera(options)
    if options.user:
        server.set_auth(authentication(options.user, options.password))
        role = GstRtspServer.RTSPPermissions()
        role.add_permission_for_role("viewer", "media.factory.access", True)
        role.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(role)
    server.get_mount_points().add_factory("/cam", factory)
    if server.attach(None) == 0:
        raise SystemExit(f"port {options.port} is taken")
    if options.until_eof:
        threading.Thread(target=end_with_standard_input, args=(factory,), daemon=True).start()
    print("ready", server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()

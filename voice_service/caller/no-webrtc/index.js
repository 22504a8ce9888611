// Stands in for livekit-client, which ElevenLabs' client wants for WebRTC alone: we speak over
// WebSockets, and half a megabyte stays out of the page.
function noWebRtc() {
  throw new Error("This page speaks over WebSockets, not WebRTC.");
}

export const createLocalAudioTrack = noWebRtc;
export class Room {
  constructor() {
    noWebRtc();
  }
}
export const ConnectionState = {};
export const RoomEvent = {};
export const Track = { Source: {} };

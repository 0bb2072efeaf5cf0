// What kind of plugin this is: an instrument without a window, with notes and sound coming out of it.
#pragma once

#define DISTRHO_PLUGIN_BRAND "Sempre"
#define DISTRHO_PLUGIN_NAME "Sempre"
#define DISTRHO_PLUGIN_URI "urn:sempre:plugin"
#define DISTRHO_PLUGIN_CLAP_ID "org.sempre.plugin"
#define DISTRHO_PLUGIN_BRAND_ID Smpr
#define DISTRHO_PLUGIN_UNIQUE_ID SmPl

#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_IS_SYNTH 1
#define DISTRHO_PLUGIN_NUM_INPUTS 0
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2
#define DISTRHO_PLUGIN_WANT_LATENCY 1
#define DISTRHO_PLUGIN_WANT_MIDI_INPUT 1
#define DISTRHO_PLUGIN_WANT_MIDI_OUTPUT 1
#define DISTRHO_PLUGIN_WANT_TIMEPOS 1
#define DISTRHO_PLUGIN_WANT_STATE 1
#define DISTRHO_PLUGIN_WANT_FULL_STATE 1
// Bytes for the events of one block, of 24 each: the ends of 512 notes, and a page that begins.
#define DISTRHO_PLUGIN_MINIMUM_BUFFER_SIZE 20480

#define DISTRHO_PLUGIN_LV2_CATEGORY "lv2:InstrumentPlugin"
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Instrument|Tools"
#define DISTRHO_PLUGIN_CLAP_FEATURES "instrument", "note-effect", "stereo"

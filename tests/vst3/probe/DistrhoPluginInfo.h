// What kind of plugin the probe is: no window, no input, two outputs.
#pragma once

#define DISTRHO_PLUGIN_BRAND "Sempre"
#define DISTRHO_PLUGIN_NAME "Sempre Probe"
#define DISTRHO_PLUGIN_URI "urn:sempre:probe"
#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_IS_SYNTH 1
#define DISTRHO_PLUGIN_NUM_INPUTS 0
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2
#define DISTRHO_PLUGIN_WANT_LATENCY 1
#define DISTRHO_PLUGIN_WANT_TIMEPOS 1

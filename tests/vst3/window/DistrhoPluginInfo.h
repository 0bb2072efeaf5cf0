// What kind of plugin the one with a window is: no input, two outputs, and a window that X11 alone draws.
#pragma once

#define DISTRHO_PLUGIN_BRAND "Sempre"
#define DISTRHO_PLUGIN_NAME "Sempre Window"
#define DISTRHO_PLUGIN_URI "urn:sempre:window"
#define DISTRHO_PLUGIN_HAS_UI 1
#define DISTRHO_PLUGIN_HAS_EMBED_UI 1
#define DISTRHO_PLUGIN_HAS_EXTERNAL_UI 1
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_IS_SYNTH 1
#define DISTRHO_PLUGIN_NUM_INPUTS 0
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2

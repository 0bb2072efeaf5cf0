// An instrument that shows exactly what reached it, and misbehaves when it is asked to.
// Left: an impulse of velocity / 127 at the frame of each onset, its negative half at each end.
// Right: 0.5 for as long as a key is held.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <thread>
#include <utility>

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

enum { kGain, kCrashNote, kHangNote, kNanNote, kLoudNote, kPrint, kChance, kTempo, kRise, kFragile, kCrash, kFall, kCount };

static constexpr uint32_t kLate = 700;

class Probe : public Plugin {
    float values[kCount] = {1.0f, -1.0f, -1.0f, -1.0f, -1.0f};
    int held = 0;
    float sick = 0.0f, level = 0.0f;
    float line[2][kLate] = {};
    uint32_t late = 0, place = 0;

public:
    Probe() : Plugin(kCount, 0, 0) {
        const char* wish = std::getenv("SEMPRE_PROBE");
        if (wish == nullptr) return;
        if (String(wish) == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
        if (String(wish) == "crash") std::raise(SIGSEGV);
        if (String(wish) == "late") setLatency(late = kLate);
        if (String(wish) == "boast") setLatency(1000000);
    }

protected:
    const char* getLabel() const override { return "SempreProbe"; }
    const char* getMaker() const override { return "Sempre"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 0, 0); }
    int64_t getUniqueId() const override { return d_cconst('S', 'm', 'p', 'P'); }

    void initParameter(uint32_t index, Parameter& parameter) override {
        static const char* const names[kCount] = {"gain", "crashnote", "hangnote", "nannote", "loudnote", "print", "chance", "tempo", "rise", "fragile", "crash", "fall"};
        parameter.hints = kParameterIsAutomatable;
        parameter.name = parameter.symbol = names[index];
        const bool note = index >= kCrashNote && index <= kLoudNote;
        parameter.ranges.min = note ? -1.0f : 0.0f;
        parameter.ranges.max = note ? 127.0f : index == kGain ? 2.0f : 1.0f;
        parameter.ranges.def = values[index];
    }
    float getParameterValue(uint32_t index) const override { return values[index]; }
    void setParameterValue(uint32_t index, float value) override {
        if (index == kFragile && value > 0.5f) std::raise(SIGSEGV);
        values[index] = value;
    }
    bool is(int which, int note) const { return int(values[which] + 1.5f) == note + 1; }

    // What no two runs have in common.
    float chance() const {
        const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
        return values[kChance] * 0.1f * float(now % 1009) / 1009.0f;
    }

    void onset(int note) {
        if (is(kCrashNote, note)) std::raise(SIGSEGV);
        if (is(kHangNote, note)) for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
        if (is(kNanNote, note)) sick = std::numeric_limits<float>::quiet_NaN();
        if (is(kLoudNote, note)) sick = 1e10f;
    }

    void run(const float**, float** outputs, uint32_t frames, const MidiEvent* events, uint32_t count) override {
        if (values[kCrash] > 0.5f) std::raise(SIGSEGV);
        if (values[kPrint] > 0.5f) std::printf("the probe prints\n"), std::fflush(stdout);
        uint32_t next = 0;
        for (uint32_t frame = 0; frame < frames; ++frame) {
            float left = 0.0f;
            for (; next < count && events[next].frame <= frame; ++next) {
                const uint8_t* data = events[next].data;
                const bool on = (data[0] & 0xF0) == 0x90 && data[2] > 0;
                if (on) onset(data[1]), left += data[2] / 127.0f + chance(), ++held;
                else if ((data[0] & 0xE0) == 0x80) left -= 0.5f, held -= held > 0;
                else if ((data[0] & 0xF0) == 0xB0) held = 0, sick = 0.0f;
            }
            outputs[0][frame] = (left + sick) * values[kGain];
            // Asked for it, the right takes so many seconds to rise to its half, and to fall when all is let go.
            const float goal = held > 0 ? 0.5f : 0.0f, takes = values[goal > level ? kRise : kFall];
            const float step = takes > 0.0f ? 0.5f / (takes * float(getSampleRate())) : 1.0f;
            level = goal > level + step ? level + step : goal < level - step ? level - step : goal;
            outputs[1][frame] = level * values[kGain];
            // Asked for it, the right shows how fast the host says that the music goes: 1 is 1000 bpm.
            if (values[kTempo] > 0.5f) outputs[1][frame] = float(getTimePosition().bbt.beatsPerMinute / 1000.0);
            for (uint32_t side = 0; late > 0 && side < 2; ++side) std::swap(outputs[side][frame], line[side][place]);
            if (late > 0) place = (place + 1) % late;
        }
    }
};

Plugin* createPlugin() { return new Probe(); }

END_NAMESPACE_DISTRHO

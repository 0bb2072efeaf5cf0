// An effect that gives back what it was given, 100 frames late and times `gain`, and misbehaves when it is asked to.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <thread>

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

enum { kGain, kCrash, kHang, kNan, kLoud, kChance, kPrint, kFragile, kCount };
static constexpr uint32_t kLate = 100;

class Shaper : public Plugin {
    float values[kCount] = {1.0f};
    std::array<std::array<float, kLate>, 2> line{};
    uint32_t place = 0;

public:
    Shaper() : Plugin(kCount, 0, 0) {
        setLatency(kLate);
        const char* wish = std::getenv("SEMPRE_PROBE");
        if (wish == nullptr) return;
        if (String(wish) == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
        if (String(wish) == "crash") std::raise(SIGSEGV);
    }

protected:
    const char* getLabel() const override { return "SempreShaper"; }
    const char* getMaker() const override { return "Sempre"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 0, 0); }
    int64_t getUniqueId() const override { return d_cconst('S', 'm', 'p', 'S'); }

    void initParameter(uint32_t index, Parameter& parameter) override {
        static const char* const names[kCount] = {"gain", "crash", "hang", "nan", "loud", "chance", "print", "fragile"};
        parameter.hints = kParameterIsAutomatable;
        parameter.name = parameter.symbol = names[index];
        parameter.ranges.min = 0.0f;
        parameter.ranges.max = index == kGain ? 2.0f : 1.0f;
        parameter.ranges.def = values[index];
    }
    float getParameterValue(uint32_t index) const override { return values[index]; }
    void setParameterValue(uint32_t index, float value) override {
        if (index == kFragile && value > 0.5f) std::raise(SIGSEGV);
        values[index] = value;
    }

    void run(const float** inputs, float** outputs, uint32_t frames) override {
        if (values[kCrash] > 0.5f) std::raise(SIGSEGV);
        if (values[kHang] > 0.5f) for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
        if (values[kPrint] > 0.5f) std::printf("the shaper prints\n"), std::fflush(stdout);
        const float sick = values[kNan] > 0.5f ? std::numeric_limits<float>::quiet_NaN() : values[kLoud] * 1e10f;
        // What no two runs have in common.
        const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
        const float dice = values[kChance] * 0.01f * float(now % 1009) / 1009.0f;
        for (uint32_t frame = 0; frame < frames; ++frame) {
            for (uint32_t side = 0; side < 2; ++side) {
                const float given = inputs[side][frame];
                outputs[side][frame] = line[side][place] * values[kGain] + sick + dice;
                line[side][place] = given;
            }
            place = (place + 1) % kLate;
        }
    }
};

Plugin* createPlugin() { return new Shaper(); }

END_NAMESPACE_DISTRHO

#include "onednn_peer.hpp"

int main() {
    return repro::Server(repro::oneDnnChoices)
        .run("oneDNN", repro::oneDnnVersion(), repro::oneDnnTarget());
}

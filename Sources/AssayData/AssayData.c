#include "AssayData.h"

// Each data file stands here once, by C23's #embed: one line for its bytes and one for its name. A compiler cache that
// does not know #embed keeps old data: it has to be told when a data file changes.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char rules_scan[] = {
#embed "rules/scan.json"
};

static const unsigned char rules_pickle[] = {
#embed "rules/pickle.json"
};

static const unsigned char rules_archives[] = {
#embed "rules/archives.json"
};

static const unsigned char rules_graphs[] = {
#embed "rules/graphs.json"
};

static const unsigned char rules_objects[] = {
#embed "rules/objects.json"
};

static const unsigned char rules_text[] = {
#embed "rules/text.json"
};

static const unsigned char python_curated[] = {
#embed "python/curated.txt"
};

static const unsigned char python_analysed[] = {
#embed "python/analysed.txt"
};

static const unsigned char rules_python[] = {
#embed "rules/python.json"
};

static const unsigned char rules_scripts[] = {
#embed "rules/scripts.json"
};

static const unsigned char names_keras[] = {
#embed "names/keras.json"
};

static const unsigned char graphs_tf[] = {
#embed "graphs/tf-ops.txt"
};

static const unsigned char graphs_onnx[] = {
#embed "graphs/onnx-ops.txt"
};

static const unsigned char graphs_openvino[] = {
#embed "graphs/openvino-ops.txt"
};

static const unsigned char graphs_mxnet[] = {
#embed "graphs/mxnet-ops.txt"
};

static const unsigned char graphs_paddle[] = {
#embed "graphs/paddle-ops.txt"
};

static const unsigned char graphs_tflite[] = {
#embed "graphs/tflite-ops.txt"
};

// The identifiers of the SPDX licence list, one a line.
static const unsigned char spdx_licenses[] = {
#embed "spdx/licenses.txt"
};

// The classes, members and values of SPDX 3.0.1.
static const unsigned char spdx_model[] = {
#embed "spdx/model-3.0.1.txt"
};

// The official schemas of CycloneDX, reduced by Tools/schemas/reduce.py.
static const unsigned char cyclonedx_2[] = {
#embed "cyclonedx/bom-1.2.json"
};

static const unsigned char cyclonedx_3[] = {
#embed "cyclonedx/bom-1.3.json"
};

static const unsigned char cyclonedx_4[] = {
#embed "cyclonedx/bom-1.4.json"
};

static const unsigned char cyclonedx_5[] = {
#embed "cyclonedx/bom-1.5.json"
};

static const unsigned char cyclonedx_6[] = {
#embed "cyclonedx/bom-1.6.json"
};

static const unsigned char cyclonedx_7[] = {
#embed "cyclonedx/bom-1.7.json"
};

// Control catalogues, the vocabulary of evidence that they are written in, and the rules that say when attacks apply.
static const unsigned char catalogs_evidence_types[] = {
#embed "catalogs/evidence-types.yaml"
};

static const unsigned char catalogs_a_mlsg[] = {
#embed "catalogs/a-mlsg.yaml"
};

static const unsigned char catalogs_ncsc_ml[] = {
#embed "catalogs/ncsc-ml.yaml"
};

static const unsigned char catalogs_slsa[] = {
#embed "catalogs/slsa.yaml"
};

static const unsigned char catalogs_owasp_llm_2025[] = {
#embed "catalogs/owasp-llm-2025.yaml"
};

static const unsigned char catalogs_owasp_ml_2023[] = {
#embed "catalogs/owasp-ml-2023.yaml"
};

static const unsigned char catalogs_nist_aml[] = {
#embed "catalogs/nist-aml.yaml"
};

static const unsigned char catalogs_atlas[] = {
#embed "catalogs/atlas.yaml"
};

static const unsigned char catalogs_threat_rules[] = {
#embed "catalogs/threat-rules.yaml"
};

static const unsigned char cards_data_schema[] = {
#embed "../../Schemas/data-card-v1.schema.json"
};

static const unsigned char cards_security_schema[] = {
#embed "../../Schemas/security-model-card-v1.schema.json"
};

static const unsigned char cards_redaction[] = {
#embed "cards/redaction.yaml"
};

#define RESOURCE(name, symbol) {name, symbol, sizeof symbol}

static const struct assay_resource resources[] = {
    RESOURCE("rules/scan.json", rules_scan),
    RESOURCE("rules/pickle.json", rules_pickle),
    RESOURCE("rules/archives.json", rules_archives),
    RESOURCE("rules/graphs.json", rules_graphs),
    RESOURCE("rules/objects.json", rules_objects),
    RESOURCE("rules/text.json", rules_text),
    RESOURCE("rules/python.json", rules_python),
    RESOURCE("rules/scripts.json", rules_scripts),
    RESOURCE("python/curated.txt", python_curated),
    RESOURCE("python/analysed.txt", python_analysed),
    RESOURCE("names/keras.json", names_keras),
    RESOURCE("graphs/tf-ops.txt", graphs_tf),
    RESOURCE("graphs/onnx-ops.txt", graphs_onnx),
    RESOURCE("graphs/tflite-ops.txt", graphs_tflite),
    RESOURCE("graphs/openvino-ops.txt", graphs_openvino),
    RESOURCE("graphs/mxnet-ops.txt", graphs_mxnet),
    RESOURCE("graphs/paddle-ops.txt", graphs_paddle),
    RESOURCE("spdx/licenses.txt", spdx_licenses),
    RESOURCE("spdx/model-3.0.1.txt", spdx_model),
    RESOURCE("cyclonedx/bom-1.2.json", cyclonedx_2),
    RESOURCE("cyclonedx/bom-1.3.json", cyclonedx_3),
    RESOURCE("cyclonedx/bom-1.4.json", cyclonedx_4),
    RESOURCE("cyclonedx/bom-1.5.json", cyclonedx_5),
    RESOURCE("cyclonedx/bom-1.6.json", cyclonedx_6),
    RESOURCE("cyclonedx/bom-1.7.json", cyclonedx_7),
    RESOURCE("catalogs/evidence-types.yaml", catalogs_evidence_types),
    RESOURCE("catalogs/a-mlsg.yaml", catalogs_a_mlsg),
    RESOURCE("catalogs/ncsc-ml.yaml", catalogs_ncsc_ml),
    RESOURCE("catalogs/slsa.yaml", catalogs_slsa),
    RESOURCE("catalogs/owasp-llm-2025.yaml", catalogs_owasp_llm_2025),
    RESOURCE("catalogs/owasp-ml-2023.yaml", catalogs_owasp_ml_2023),
    RESOURCE("catalogs/nist-aml.yaml", catalogs_nist_aml),
    RESOURCE("catalogs/atlas.yaml", catalogs_atlas),
    RESOURCE("catalogs/threat-rules.yaml", catalogs_threat_rules),
    RESOURCE("cards/security-model-card-v1.schema.json", cards_security_schema),
    RESOURCE("cards/redaction.yaml", cards_redaction),
    RESOURCE("cards/data-card-v1.schema.json", cards_data_schema),
};

size_t assay_resource_total(void) { return sizeof resources / sizeof resources[0]; }
const struct assay_resource *assay_resource_at(size_t index) { return &resources[index]; }

/// The objects of a CycloneDX bill: members, which of them are needed, and what they may hold (specification 1.5 to 1.7).
enum CycloneDXShape {
    enum Rule: Sendable {
        case any
        case text
        /// A string that is not empty.
        case name
        case flag
        case moment
        case one(Set<String>)
        case object(String)
        /// Objects of a kind; `text` for strings.
        case list(String)
    }

    struct Kind: Sendable {
        let required: [String]
        let members: [String: Rule]
    }

    private static func words(_ text: String) -> Rule { .one(Set(text.split(separator: " ").map { String($0) })) }

    static let kinds: [String: Kind] = [
        "bom": Kind(
            required: ["bomFormat", "specVersion"],
            members: [
                "$schema": .text, "bomFormat": .text, "specVersion": .text, "serialNumber": .text, "version": .any,
                "metadata": .object("metadata"), "components": .list("component"), "services": .list("service"),
                "externalReferences": .list("externalReference"), "dependencies": .list("dependency"),
                "compositions": .any, "vulnerabilities": .list("vulnerability"), "annotations": .any,
                "formulation": .any, "declarations": .any, "definitions": .any, "citations": .list("citation"),
                "properties": .list("property"), "signature": .any,
            ]),
        "metadata": Kind(
            required: [],
            members: [
                "timestamp": .moment, "lifecycles": .any, "tools": .list("tool"), "manufacturer": .any,
                "authors": .any, "component": .object("component"), "manufacture": .any, "supplier": .any,
                "licenses": .list("licenseChoice"), "properties": .list("property"), "distributionConstraints": .any,
            ]),
        "component": Kind(
            required: ["type", "name"],
            members: [
                "type": words(
                    "application framework library container platform operating-system device device-driver firmware "
                        + "file machine-learning-model data cryptographic-asset"),
                "mime-type": .text, "bom-ref": .name, "supplier": .any, "manufacturer": .any, "authors": .any,
                "author": .text, "publisher": .text, "group": .text, "name": .text, "version": .text,
                "versionRange": .text, "isExternal": .flag, "description": .text,
                "scope": words("required optional excluded"), "hashes": .list("hash"),
                "licenses": .list("licenseChoice"), "copyright": .text, "patentAssertions": .any, "cpe": .text,
                "purl": .text, "omniborId": .list("text"), "swhid": .list("text"), "swid": .object("swid"),
                "modified": .flag, "pedigree": .object("pedigree"),
                "externalReferences": .list("externalReference"), "components": .list("component"),
                "evidence": .any, "releaseNotes": .any, "modelCard": .object("modelCard"),
                "data": .list("componentData"), "cryptoProperties": .any, "properties": .list("property"),
                "tags": .list("text"), "signature": .any,
            ]),
        "hash": Kind(
            required: ["alg", "content"],
            members: [
                "alg": words(
                    "MD5 SHA-1 SHA-256 SHA-384 SHA-512 SHA3-256 SHA3-384 SHA3-512 BLAKE2b-256 BLAKE2b-384 BLAKE2b-512 "
                        + "BLAKE3 Streebog-256 Streebog-512"),
                "content": .text,
            ]),
        "licenseChoice": Kind(
            required: [],
            members: [
                "license": .object("license"), "expression": .text, "bom-ref": .name,
                "acknowledgement": words("declared concluded"), "expressionDetails": .any, "licensing": .any,
                "properties": .list("property"),
            ]),
        "license": Kind(
            required: [],
            members: [
                "bom-ref": .name, "id": .text, "name": .text, "acknowledgement": words("declared concluded"),
                "text": .object("attachment"), "url": .text, "licensing": .any, "properties": .list("property"),
            ]),
        "attachment": Kind(
            required: ["content"],
            members: ["contentType": .text, "encoding": words("base64"), "content": .text]),
        "property": Kind(required: ["name"], members: ["name": .text, "value": .text]),
        "dependency": Kind(
            required: ["ref"],
            members: ["ref": .name, "dependsOn": .list("text"), "provides": .list("text")]),
        "externalReference": Kind(
            required: ["url", "type"],
            members: [
                "url": .text, "comment": .text,
                "type": words(
                    "vcs issue-tracker website advisories bom mailing-list social chat documentation support "
                        + "source-distribution distribution distribution-intake license build-meta build-system "
                        + "release-notes security-contact model-card log configuration evidence formulation attestation "
                        + "threat-model adversary-model risk-assessment vulnerability-assertion "
                        + "exploitability-statement pentest-report static-analysis-report dynamic-analysis-report "
                        + "runtime-analysis-report component-analysis-report maturity-report certification-report "
                        + "codified-infrastructure quality-metrics poam electronic-signature digital-signature rfc-9116 "
                        + "patent patent-family patent-assertion citation other"),
                "hashes": .list("hash"), "properties": .list("property"),
            ]),
        "swid": Kind(
            required: ["tagId", "name"],
            members: [
                "tagId": .text, "name": .text, "version": .text, "tagVersion": .any, "patch": .flag,
                "text": .object("attachment"), "url": .text,
            ]),
        "pedigree": Kind(
            required: [],
            members: [
                "ancestors": .list("component"), "descendants": .list("component"), "variants": .list("component"),
                "commits": .any, "patches": .list("patch"), "notes": .text,
            ]),
        "patch": Kind(
            required: ["type"],
            members: [
                "type": words("unofficial monkey backport cherry-pick"), "diff": .any, "resolves": .list("issue"),
            ]),
        "issue": Kind(
            required: ["type"],
            members: [
                "type": words("defect enhancement security"), "id": .text, "name": .text, "description": .text,
                "source": .any, "references": .list("text"),
            ]),
        "service": Kind(
            required: ["name"],
            members: [
                "bom-ref": .name, "provider": .any, "group": .text, "name": .text, "version": .text,
                "description": .text, "endpoints": .list("text"), "authenticated": .flag, "x-trust-boundary": .flag,
                "trustZone": .text, "data": .list("serviceData"), "licenses": .list("licenseChoice"),
                "patentAssertions": .any, "externalReferences": .list("externalReference"),
                "services": .list("service"), "releaseNotes": .any, "properties": .list("property"),
                "tags": .list("text"), "signature": .any,
            ]),
        "serviceData": Kind(
            required: ["flow", "classification"],
            members: [
                "flow": words("inbound outbound bi-directional unknown"), "classification": .text, "name": .text,
                "description": .text, "governance": .any, "source": .any, "destination": .any,
            ]),
        "componentData": Kind(
            required: ["type"],
            members: [
                "bom-ref": .name, "type": words("source-code configuration dataset definition other"), "name": .text,
                "contents": .any, "classification": .text, "sensitiveData": .list("text"), "graphics": .any,
                "description": .text, "governance": .any,
            ]),
        "modelCard": Kind(
            required: [],
            members: [
                "bom-ref": .name, "modelParameters": .object("modelParameters"),
                "quantitativeAnalysis": .object("quantitativeAnalysis"), "considerations": .object("considerations"),
                "properties": .list("property"),
            ]),
        "modelParameters": Kind(
            required: [],
            members: [
                "approach": .object("approach"), "task": .text, "architectureFamily": .text,
                "modelArchitecture": .text, "datasets": .any, "inputs": .list("format"), "outputs": .list("format"),
            ]),
        "approach": Kind(
            required: [],
            members: [
                "type": words(
                    "supervised unsupervised reinforcement-learning semi-supervised self-supervised")
            ]),
        "format": Kind(required: [], members: ["format": .text]),
        "quantitativeAnalysis": Kind(
            required: [], members: ["performanceMetrics": .list("metric"), "graphics": .any]),
        "metric": Kind(
            required: [],
            members: ["type": .text, "value": .text, "slice": .text, "confidenceInterval": .any]),
        "considerations": Kind(
            required: [],
            members: [
                "users": .list("text"), "useCases": .list("text"), "technicalLimitations": .list("text"),
                "performanceTradeoffs": .list("text"), "ethicalConsiderations": .any,
                "environmentalConsiderations": .any, "fairnessAssessments": .any,
            ]),
        "vulnerability": Kind(
            required: [],
            members: [
                "bom-ref": .name, "id": .text, "source": .any, "references": .any, "ratings": .any, "cwes": .any,
                "description": .text, "detail": .text, "recommendation": .text, "workaround": .text,
                "proofOfConcept": .any, "advisories": .any, "created": .moment, "published": .moment,
                "updated": .moment, "rejected": .moment, "credits": .any, "tools": .any, "analysis": .any,
                "affects": .any, "properties": .list("property"),
            ]),
        "citation": Kind(
            required: ["timestamp"],
            members: [
                "bom-ref": .name, "pointers": .list("text"), "expressions": .list("text"), "timestamp": .moment,
                "attributedTo": .name, "process": .name, "note": .text, "signature": .any,
            ]),
    ]
}

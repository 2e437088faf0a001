/// The forms that issuers document, or that their keys are seen to have.
///
/// Where a prefix is long enough to be nobody else's, a key that was cut short counts too.
extension KeyForm {
    static let clouds = """
        AWS access key: AKIA{u16} ASIA{u16} ABIA{u16} ACCA{u16} A3T{u17}
        AWS Bedrock key: ABSK{b100-280} bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{b0-2000}
        Google API key: AIza{d14-39}
        Google OAuth token: ya29.{d40-1000}
        Google secret: GOCSPX-{d24-28}
        Azure key: SharedAccessKey={b40-48} AccountKey={b80-90} sig={p43-90} sig={d43-60} git&{n12}&{b85-90}
        Alibaba access key: LTAI{a12-24}
        Tencent access key: AKID{a32-36}
        Volcengine access key: AKLT{b36-60}
        Baidu access key: bce-v3/ALTAK-{a21}/{h40}
        Yandex key: AQVN{d35-38} YCAJE{d16-24}
        Yandex token: t1.{t80-400}
        DigitalOcean token: dop_v1_{h64} doo_v1_{h64} dor_v1_{h64}
        Cloudflare key: v1.0-{h24}-{h146} cfut_{a48} cfat_{a48} cfk_{a48}
        Databricks token: dapi{h32} dapi{h32}-{n1} dose{h32}
        Snowflake token: ver:1-hint:{t40-600}
        Fly.io token: fo1_{d40-44} fm1r_{b80-900} fm1a_{b80-900} fm2_{b80-900}
        Heroku key: HRKU-AA{d50-60} HRKU-{h8}-{h4}-{h4}-{h4}-{h12}
        Netlify token: nfp_{w36-40}
        Vercel token: vcp_{a24-60} vck_{a24-60} vci_{a24-60} vca_{a24-60} vcr_{a24-60} vercel_blob_rw_{a16}_{a24-40}
        Render key: rnd_{a28-36}
        Supabase token: sbp_{h40} sbp_{l40} sb_secret_{d20-40}
        PlanetScale token: pscale_tkn_{t10-70} pscale_oauth_{t10-70} pscale_pw_{t10-70}
        Neon key: napi_{a48-70}
        Fauna key: fnA{d37-40}
        MongoDB Atlas secret: mdb_sa_sk_{d36-48}
        ClickHouse key: 4b1d{a38}
        CockroachDB key: CCDB1_{a20-24}_{a36-44}
        Aiven password: AVNS_{d16-24}
        Confluent secret: cflt{b56-64}
        Vault token: hvs.{d24-220} hvb.{t60-400} hvr.{d24-400} s.{a24} b.AAAAAQ{d50-300}
        Terraform token: atlasv1.{t60-72}
        Doppler token: dp.pt.{a40-44} dp.ct.{a40-44} dp.sa.{a40-44} dp.scim.{a40-44} dp.audit.{a40-44} dp.st.{a40-44}
        Doppler token: dp.st.{d2-35}.{a40-44}
        Infisical token: st.{h24}.{h32}.{h32}
        OpenShift token: sha256~{d43}
        Pulumi token: pul-{h40} pul-{l40}
        Scalingo token: tk-us-{d16-60} tk-eu-{d16-60}
        Tailscale key: tskey-{l2-12}-{a8-24}-{a16-40} tskey-{a16-40} tskey-{l2-12}-{a16-40}
        ngrok key: ngrok_{a40-60}
        AWS AppSync key: da2-{l26}
        Deno token: ddp_{a36} ddw_{a36}
        Ubidots token: BBFF-{a30} BBUS-{a30}
        """

    static let code = """
        GitHub token: ghp_{w36-255} gho_{w36-255} ghu_{w36-255} ghs_{w36-255} ghr_{a36-255} github_pat_{w28-255}
        GitHub token: github_app_{w36-60} v1.{h40}
        GitLab token: glpat-{t7-300} gldt-{d12-64} glrt-{t12-300} glrtr-{d20-300} glcbt-{d12-300} glptt-{h40}
        GitLab token: glft-{d12-64}
        GitLab token: glimt-{d12-64} glagent-{d40-70} gloas-{d48-72} glsoat-{d12-64} glffct-{d12-64} glwt-{d20-64}
        GitLab token: GR1348941{d7-24} _gitlab_session={a32}
        Bitbucket token: ATBB{t24-160}
        Atlassian token: ATATT{t80-250} ATCTT3{t100-250}
        npm token: npm_{a36}
        PyPI token: pypi-AgEIcHlwaS5vcmc{d16-1000} pypi-AgENdGVzdC5weXBpLm9yZ{d16-1000}
        RubyGems key: rubygems_{h48} rubygems_{a48}
        NuGet key: oy2{l43}
        crates.io token: cio{a32}
        Clojars token: CLOJARS_{a56-60}
        Docker token: dckr_pat_{d24-32} dckr_oat_{d24-40}
        CircleCI token: CCIPAT_{a18-24}_{h40} CCIPRJ_{a18-24}_{h40}
        Buildkite token: bkua_{h40} bkua_{l40}
        Octopus key: API-{u25-32}
        Artifactory key: AKCp{a60-80} AKC{a60-80}
        Artifactory token: cmVmd{a59}
        Sonar token: squ_{d40} sqp_{d40} sqa_{d40} squ_{b40} sqp_{b40} sqa_{b40}
        Sourcegraph token: sgp_{h40} sgp_local_{h40} sgp_{h16}_{h40} slk_{h64} sgs_{h40-64} sgd_{h64} sgph_{h16}_{h40}
        Postman key: PMAK-{h24}-{h34} PMAT-{a26}
        ReadMe key: rdme_{l70} rdme_x{l60-70}
        SonarSource token: sqco_{a59}
        Prefect key: pnu_{a36} pnb_{a36}
        Infracost key: ico-{a32}
        SettleMint token: sm_aat_{a16} sm_pat_{a16} sm_sat_{a16}
        Harness key: pat.{d22}.{a24}.{a20} sat.{d22}.{a24}.{a20}
        Checkly key: cu_{h32}
        Spectral token: spu-{l32}
        Ory token: ory_at_{d40-100} ory_st_{a32} ory_pat_{a32} ory_apikey_{a32} ory_ac_{d40-100}
        age secret key: AGE-SECRET-KEY-1{u58} AGE-SECRET-KEY-1{l58} AGE-SECRET-KEY-PQ-1{u58}
        1Password token: ops_eyJ{b100-2000}
        1Password key: A3-{u6}-{u11}-{u5}-{u5}-{u5} A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}
        Sentry token: sntrys_{b40-600} sntrys_{w60-600} sntryu_{h64} sntrya_{h64} sntryi_{h64}
        Logfire token: pylf_v1_{l2}_{a40-48} pylf_v2_{l2}_{a40-60}
        PostHog key: phx_{w40-52} phs_{w40-52}
        New Relic key: NRAK-{a27} NRII-{d25-32} NRJS-{h19} NRBR-{h19} NRIQ-{d25-32} NRSP-{d20-40} NRRA-{h42}
        Grafana token: glc_{b32-500} glsa_{a32}_{h8} glsa_{w41}
        Grafana key: eyJrIjoi{b60-500}
        Dynatrace token: dt0c01.{a24}.{a64} dt0s01.{a8-24}.{a64} dt0s16.{t20-100} dt0s02.{a8-24}.{a64}
        Dynatrace token: dt0e01.{a8-24}.{a64}
        LaunchDarkly key: sdk-{l8}-{l4}-4{l3}-{l4}-{l12} api-{l8}-{l4}-4{l3}-{l4}-{l12}
        Rootly key: rootly_{h64}
        """

    static let models = """
        Hugging Face token: hf_{a30-40} api_org_{a30-40} hf_oauth_{t40-2000} hf_jwt_{t40-2000}
        OpenAI key: sk-proj-{d32-220} sk-svcacct-{d32-220} sk-admin-{d32-220} sk-service-{d32-220} sk-None-{d32-220}
        OpenAI key: sk-{a20}T3BlbkFJ{a20} sk-{w32-64}
        Anthropic key: sk-ant-api03-{d93}AA sk-ant-admin01-{d93}AA sk-ant-sid01-{d80-130} sk-ant-sid02-{d80-130}
        Anthropic key: sk-ant-oat01-{d80-130} sk-ant-ort01-{d80-130}
        OpenRouter key: sk-or-v1-{h40-80} sk-or-{a40-80}
        Langfuse key: sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}
        LangSmith key: lsv2_pt_{h32}_{h10} lsv2_sk_{h32}_{h10} ls__{h32}
        Groq key: gsk_{a48-56}
        Replicate token: r8_{d36-40}
        Perplexity key: pplx-{a40-60}
        xAI key: xai-{w64-90} xai-token-{a64-90}
        Pinecone key: pcsk_{a5-7}_{a60-66}
        NVIDIA key: nvapi-{d60-74} nvapi-stg-{d60-74}
        Tavily key: tvly-{a28-40} tvly-dev-{d28-60} tvly-prod-{d28-60}
        Jina key: jina_{a50-70}
        Fireworks key: fw_{a22-28} fpk_{a22-28}
        Voyage key: voyage-{d40-50} pa-{d43}
        Cohere key: co_{a40}
        Anyscale key: esecret_{a20-60}
        Weights & Biases key: wandb_v1_{w60-120}
        Kaggle token: KGAT_{h30-40}
        RunPod key: rpa_{a40-48}
        Together key: tgp_v1_{d40-50}
        Cerebras key: csk-{a40-60}
        Context7 key: ctx7sk-{h8}-{h4}-{h4}-{h4}-{h12}
        ElevenLabs key: sk_{h48}
        Modal token: ak-{a22} as-{a22}
        E2B key: e2b_{h40}
        Firecrawl key: fc-{h32}
        Mem0 key: m0-{a40}
        Browserbase key: bb_live_{d24-40} bb_test_{d24-40}
        Helicone key: sk-helicone-{d24-60} pk-helicone-{d24-60} sk-helicone-cp-{d24-60}
        Braintrust key: bt-st-{a40-60}
        Neptune token: eyJhcGlf{b60-500}
        Salad key: salad_cloud_{a1-20}_{a7-235}
        Photoroom key: sk_pr_{a1-64}_{h40}
        Unkey key: unkey_{a20-30}
        """

    static let messages = """
        Slack token: xoxb-{n8-14}-{d10-80} xoxp-{n8-14}-{n8-14}-{d20-80} xoxe-{n8-14}-{n8-14}-{n8-14}-{d28-34}
        Slack token: xoxa-{n1}-{a8-80} xoxr-{n1}-{a8-80} xoxa-{d8-120} xoxr-{d8-120}
        Slack token: xoxo-{n1-30}-{n1-30}-{n1-30}-{h6-80}
        Slack token: xoxs-{n1-30}-{n1-30}-{n1-30}-{h6-80} xoxc-{n8-14}-{n8-14}-{n8-14}-{h64} xoxd-{p60-300}
        Slack token: xapp-{d20-160}
        Slack token: xoxe-{n1}-{a130-180} xoxe.xoxb-{n1}-{a130-220} xoxe.xoxp-{n1}-{a130-220} xoxb-{n1}-{u130-220}
        Slack webhook: hooks.slack.com/services/{r36-80} hooks.slack.com/workflows/{r36-100}
        Slack webhook: hooks.slack.com/triggers/{r36-100}
        Slack webhook: hooks.slack.com/services/{b36-80} hooks.slack.com/workflows/{b36-100}
        Slack webhook: hooks.slack.com/triggers/{b36-100}
        Discord token: MD{d22-26}.{d6}.{d27-40} MT{d22-26}.{d6}.{d27-40} Mj{d22-26}.{d6}.{d27-40}
        Discord token: Mz{d22-26}.{d6}.{d27-40}
        Discord token: ND{d22-26}.{d6}.{d27-40} NT{d22-26}.{d6}.{d27-40} Nj{d22-26}.{d6}.{d27-40}
        Discord token: Nz{d22-26}.{d6}.{d27-40}
        Discord token: OD{d22-26}.{d6}.{d27-40} OT{d22-26}.{d6}.{d27-40} mfa.{d80-90}
        Discord webhook: discord.com/api/webhooks/{n17-20}/{d40-90} discordapp.com/api/webhooks/{n17-20}/{d40-90}
        Teams webhook: webhook.office.com/webhookb2/{r90-250}
        Zapier webhook: hooks.zapier.com/hooks/catch/{r10-24}
        SendGrid key: SG.{t60-72}
        Twilio key: SK{h32}
        Twilio account: AC{h32}
        Mailgun key: key-{h32} key-{l32} pubkey-{h32}
        Brevo key: xkeysib-{d70-90} xsmtpsib-{d70-90}
        Resend key: re_{a8}_{a20-28}
        Telnyx key: KEY{d55}
        Typeform token: tfp_{t40-64}
        Courier key: pk_prod_{a28} dk_prod_{a28}
        Facebook token: EAAM{a90-400} EAAC{a90-400} EAAB{a90-400} EAAG{a90-400} EAAE{a90-400} EAAJ{a90-400}
        Instagram token: IGQV{d100-250} IGAA{d100-250}
        Twitter bearer token: AAAAAAAAAAAAAAAAAAAAAA{r40-130} AAAAAAAAAAAAAAAAAAAAAA{p40-130}
        Firebase key: AAAA{d7}:{d140}
        Zoho token: 1000.{h32}.{h32}
        Salesforce token: 5AEP861{t76-120} 3MVG9{t80-251} 00{a13}!{t80-130}
        Telegram webhook: api.telegram.org/bot{n5-16}:{d35}
        """

    static let payments = """
        Stripe key: sk_live_{a10-247} rk_live_{a10-247} sk_prod_{a10-247} rk_prod_{a10-247} sk_test_{a10-247}
        Stripe key: rk_test_{a10-247}
        Stripe secret: whsec_{b24-64}
        Square token: sq0atp-{d7-64} sq0csp-{d20-64} sq0i{l2}-{d22-64} sq0c{l2}-{d40-64} EAAA{d56-64}
        PayPal token: access_token$production${l16}${h32} access_token$sandbox${l16}${h32}
        Razorpay key: rzp_live_{a14} rzp_test_{a14}
        Plaid token: access-production-{h8}-{h4}-{h4}-{h4}-{h12} access-sandbox-{h8}-{h4}-{h4}-{h4}-{h12}
        Plaid token: access-development-{h8}-{h4}-{h4}-{h4}-{h12}
        Flutterwave key: FLWSECK_TEST-{a12} FLWSECK_TEST-{a32}-X FLWSECK-{a32}-X FLWPUBK_TEST-{a32}-X FLWPUBK-{a32}-X
        EasyPost key: EZAK{a54} EZTK{a54}
        Duffel token: duffel_test_{b43} duffel_live_{b43}
        Shippo token: shippo_live_{h40} shippo_test_{h40}
        Shopify token: shpat_{h32} shpca_{h32} shppa_{h32} shpss_{h32} shptka_{h32} shpua_{h32} shpit_{h32}
        Checkout key: sk_test_{h8}-{h4}-{h4}-{h4}-{h12} sk_{h8}-{h4}-{h4}-{h4}-{h12}
        Ramp secret: ramp_sec_{a48} ramp_id_{a40}
        Lob key: live_pub_{h31} test_pub_{h31} live_{h35} test_{h35}
        Pagar.me key: ak_live_{a30} ak_test_{a30}
        Fleetbase key: flb_live_{a20} flb_test_{a20}
        Recharge key: sk_{n1-2}x{n1}_{h64} sk_test_{n1-2}x{n1}_{h64}
        Gemini key: master-{a20} account-{a20}
        Stripe secret: pi_{a24}_secret_{a25} seti_{a24}_secret_{a25}
        Databento key: db-{a29}
        Alchemy key: alcht_{a30}
        Persona key: persona_production_{d24-60} persona_sandbox_{d24-60}
        """

    static let tools = """
        Linear key: lin_api_{a32-48} lin_oauth_{a40-64}
        Notion token: ntn_{a40-50} secret_{a43}
        Figma token: figd_{d36-54} figo_{d36-54} figu_{d36-54} figp_{b36-54} figor_{d36-54} figoh_{d36-54}
        Figma token: figur_{d36-54} figuh_{d36-54}
        Contentful token: CFPAT-{d40-48}
        Airtable token: pat{a14}.{h64}
        HubSpot token: pat-na1-{a8}-{a4}-{a4}-{a4}-{a12} pat-na2-{a8}-{a4}-{a4}-{a4}-{a12}
        HubSpot token: pat-eu1-{a8}-{a4}-{a4}-{a4}-{a12}
        Frame.io token: fio-u-{b64} fio-u-{d64}
        Dropbox token: sl.{t120-1400} sl.u.{t120-1400}
        Mapbox token: pk.eyJ{t50-140} sk.eyJ{t50-140} tk.eyJ{t50-140} pk.{l60}.{l22} sk.{l60}.{l22}
        Adobe secret: p8e-{a32}
        Adafruit key: aio_{a28}
        Apify token: apify_api_{d34-40}
        Defined Networking key: dnkey-{b26}-{b52} dnkey-{b79}
        Bannerbear key: bb_pr_{h30} bb_ma_{h30}
        Finage key: API_KEY{u32}
        FullStory key: na1.{b100}
        Klaviyo key: pk_{h34} pk_{a6}_{h34}
        LocationIQ key: pk.{a32}
        Nightfall key: NF-{a32}
        pganalyze key: pgar_{a24-40}
        Tines webhook: tines.com/webhook/{a32}/{a32}
        Voiceflow key: VF.DM.{h24}.{a16} VF.WS.{h24}.{a16} VF.{h24}.{a16}
        Portainer token: ptr_{b20-60}
        42 secret: s-s4t2ud-{h64} s-s4t2af-{h64} u-s4t2ud-{h64}
        Samsara token: samsara_api_{a28-32}
        Flexport token: shltm_{d40}
        Authress key: sc_{l5-30}.{l4-6}.acc_{d10-32}.{b30-120} ext_{l5-30}.{l4-6}.acc_{d10-32}.{b30-120}
        Authress key: scauth_{l5-30}.{l4-6}.acc_{d10-32}.{b30-120} authress_{l5-30}.{l4-6}.acc_{d10-32}.{b30-120}
        Authress key: sc_{l5-30}.{l4-6}.acc-{d10-32}.{b30-120} ext_{l5-30}.{l4-6}.acc-{d10-32}.{b30-120}
        Authress key: scauth_{l5-30}.{l4-6}.acc-{d10-32}.{b30-120} authress_{l5-30}.{l4-6}.acc-{d10-32}.{b30-120}
        Close key: api_{t45}
        dfuse key: web_{l32}
        Teamwork token: tkn.v1_{b68-74}
        PubNub key: sub-c-{l8}-{l4}-{l4}-{l4}-{l12} pub-c-{l8}-{l4}-{l4}-{l4}-{l12} sec-c-{b40-60}
        Endor key: endr+{d16}
        Scrapfly key: scp-live-{h32} scp-test-{h32}
        Robinhood key: rh-api-{h8}-{h4}-{h4}-{h4}-{h12}
        WakaTime key: waka_{h8}-{h4}-{h4}-{h4}-{h12}
        Workato token: wrkaus-{t40-400} wrkeu-{t40-400} wrkprod-{t40-400}
        Zuplo key: zpka_{w30-60}
        Canva secret: cnvca{d32-60}
        Baremetrics key: lk_{a18-25}
        """
}

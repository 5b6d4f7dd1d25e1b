#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The payloads of W1, written for it: both take the whole path, with the department mapped and consent on record.
enum Messages {
    /// Where the FHIR submissions come from.
    static let fhirSite = "BENCH-FHIR"
    /// Where the HL7 v2 submissions come from.
    static let hl7Site = "BENCH-HIS"
    /// Slots of a performing site: the most that a hub takes.
    static let slotsOfSite = 1_000_000

    /// The directory of the benchmark: two township hospitals, and national ones with a slot for each of `cases`.
    ///
    /// The performers read with the client, because an HL7 v2 site would add a delivery to every submission.
    static func sites(for cases: Int) -> String {
        let performers = (1...max(1, (cases + slotsOfSite - 1) / slotsOfSite))
            .map { number in
                """
                  {"id": "BENCH-NATIONAL-\(number)", "name": "远山医院\(number)", "tier": "national", "region": "110105",
                   "grade": "3A", "departments": {"0304": \(slotsOfSite)}, "profile": {"format": "client"}}
                """
            }
        return """
            [
              {"id": "\(fhirSite)", "name": "石桥镇卫生院", "tier": "primary", "region": "421125", "institutionClass": "C210",
               "departments": {"02": 1}, "profile": {"format": "fhir"}},
              {"id": "\(hl7Site)", "name": "白莲镇卫生院", "tier": "primary", "region": "421125", "institutionClass": "C210",
               "departments": {"02": 1}, "profile": {"format": "hl7v2", "charset": "GB18030",
               "departments": {"XN": "0304"}, "noteTypes": {"SUM": "request.summary", "PUR": "request.purpose"}}},
            \(performers.joined(separator: ",\n"))
            ]
            """
    }

    /// A transaction Bundle of about 2 KB (http://hl7.org/fhir/R4/http.html#transaction): Patient, ServiceRequest with
    /// a diagnosis, Consent.
    static let bundle = Template(
        [
            ##"{"resourceType":"Bundle","identifier":{"system":"urn:his:bench","value":"M-{0000000000}"},"##,
            ##""type":"transaction","entry":[{"fullUrl":"urn:uuid:5f000000-0000-4000-8000-000000000001","resource":"##,
            ##"{"resourceType":"Patient","identifier":[{"type":{"coding":[{"system":"##,
            ##""http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"##,
            ##""urn:consilium:medical-record-number","value":"MR-{0000000000}"}],"name":[{"text":"周桂兰"}],"##,
            ##""telecom":[{"system":"phone","value":"13700000000"}],"gender":"female","birthDate":"1958-06-17"},"##,
            ##""request":{"method":"POST","url":"Patient"}},"##,
            ##"{"fullUrl":"urn:uuid:5f000000-0000-4000-8000-000000000002","resource":{"resourceType":"##,
            ##""ServiceRequest","status":"active","intent":"order","priority":"routine","contained":["##,
            ##"{"resourceType":"Practitioner","id":"d","identifier":[{"system":"urn:oid:2.16.156.10011.1.4","##,
            ##""value":"142421125000321"}],"name":[{"text":"郑医生"}]},"##,
            ##"{"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"#d"},"specialty":["##,
            ##"{"text":"内科"}]},{"resourceType":"Condition","id":"c","code":{"coding":[{"system":"##,
            ##""urn:oid:2.16.156.10011.2.3.3.11","code":"I20.000"}],"text":"不稳定型心绞痛"},"subject":{"reference":"##,
            ##""urn:uuid:5f000000-0000-4000-8000-000000000001"}}],"extension":[{"url":"urn:consilium:summary","##,
            ##""valueString":"反复胸闷两月，活动后加重，休息可缓解，心电图示胸前导联ST段压低"},"##,
            ##"{"url":"urn:consilium:purpose","valueString":"明确诊断，指导治疗"}],"identifier":[{"value":"##,
            ##""HZ-{0000000000}"}],"subject":{"reference":"urn:uuid:5f000000-0000-4000-8000-000000000001"},"##,
            ##""authoredOn":"2026-11-20T09:30:00+08:00","requester":{"reference":"#r"},"performerType":{"coding":["##,
            ##"{"system":"urn:consilium:department","code":"0304"}]},"reasonCode":[{"text":"胸闷待查"}],"##,
            ##""reasonReference":[{"reference":"#c"}]},"request":{"method":"POST","url":"ServiceRequest"}},"##,
            ##"{"fullUrl":"urn:uuid:5f000000-0000-4000-8000-000000000003","resource":{"resourceType":"Consent","##,
            ##""identifier":[{"system":"urn:consilium:consent-reference","value":"ZQ-{0000000000}"}],"status":"active","##,
            ##""scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"coding":[{"code":"npp"}]}],"patient":"##,
            ##"{"reference":"urn:uuid:5f000000-0000-4000-8000-000000000001"},"dateTime":"2026-11-20","policyRule":"##,
            ##"{"coding":[{"system":"urn:consilium:consent-basis","code":"written"}]}},"request":{"method":"POST","##,
            ##""url":"Consent"}}]}"##,
        ]
        .joined()
    )

    /// A REF^I12 of about 1.5 KB in GB18030 (HL7 v2.5.1 section 11.5): department by the site's own code, consent in ZCN.
    static func referral() throws -> Template {
        let segments = [
            #"MSH|^~\&|BHIS|\#(hl7Site)|CONSILIUM|HUB|20261120093000+0800||REF^I12^REF_I12|B{0000000000}|P|2.5.1"#
                + "||||||GB18030",
            "RF1||R^普通|XN^心血管内科|||HZ-{0000000000}|20261120||20261120093000+0800|^胸闷待查",
            "PRD|RP|郑仁安||内科^^^白莲镇卫生院|0713-4220022||142421125000321",
            "PID|1||B{0000000000}^^^BHIS^MR||周桂兰||19580617|F|||湖北省某县白莲镇正街18号||13700000000",
            "DG1|1||I20.0^不稳定型心绞痛^I10",
            "DG1|2||I10^原发性高血压^I10",
            "AL1|1||^青霉素（皮疹）",
            "PV1|1|I|内一病区^^07|||||||内科|||||||||ZY{0000000000}",
            "NTE|1|P|患者反复胸闷两月，活动后加重，休息数分钟可缓解，近一周发作频繁，夜间亦有发作。既往高血压病史十二年，"
                + "最高一百八十毫米汞柱，口服氨氯地平，血压控制一般；糖尿病史五年，口服二甲双胍。否认冠心病家族史，不吸烟，"
                + "不饮酒。查体：血压一百五十六比九十二毫米汞柱，心率八十二次每分，律齐，未闻及杂音，双肺呼吸音清，"
                + "双下肢无水肿。|SUM",
            "NTE|2|P|明确诊断，指导进一步治疗，并请判断是否需要转往上级医院行冠状动脉造影检查|PUR",
            "OBX|1|TX|request.examinations^^99CON||心电图：V1至V4导联ST段压低0.1毫伏\\.br\\肌钙蛋白I 0.02纳克每毫升"
                + "\\.br\\超声心动图：左室舒张功能减低，射血分数百分之六十一，室间隔增厚||||||F",
            "OBX|2|TX|request.treatment^^99CON||阿司匹林肠溶片一百毫克每日一次；阿托伐他汀二十毫克每晚一次；"
                + "单硝酸异山梨酯四十毫克每日一次；美托洛尔缓释片四十七点五毫克每日一次||||||F",
            "OBX|3|TX|patient.age^^99CON||68||||||F",
            "OBX|4|TX|consent.feeTold^^99CON||yes||||||F",
            "OBX|5|TX|consent.scope^^99CON||any||||||F",
            "ZCN|书面|GD-{0000000000}|20261120|郑仁安",
        ]
        return Template(try gb18030(segments.joined(separator: "\r") + "\r"))
    }

    /// By the system's own converter.
    private static func gb18030(_ text: String) throws -> [UInt8] {
        let converter = iconv_open("GB18030", "UTF-8")
        guard converter != iconv_t(bitPattern: -1) else { throw BenchmarkError("no GB18030 converter on this system") }
        defer { iconv_close(converter) }
        var input = text.utf8.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 2)
        var left = input.count
        var room = output.count
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var to = target.baseAddress
                return iconv(converter, &from, &left, &to, &room)
            }
        }
        guard result == 0, left == 0 else { throw BenchmarkError("the message does not convert to GB18030") }
        return output.prefix(output.count - room).map { UInt8(bitPattern: $0) }
    }
}

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>Actions</name>
    <message>
      <source>100 %</source>
      <translation>100 %</translation>
    </message>
    <message>
      <source>Another person</source>
      <translation>其他人物</translation>
    </message>
    <message>
      <source>Backdrop: colour…</source>
      <translation>预览背景：颜色…</translation>
    </message>
    <message>
      <source>Backdrop: photo…</source>
      <translation>预览背景：照片…</translation>
    </message>
    <message>
      <source>Before and after in a wipe</source>
      <translation>滑动对比前后</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>画笔</translation>
    </message>
    <message>
      <source>Candidates: people less sure</source>
      <translation>候选：不太确定的人物</translation>
    </message>
    <message>
      <source>Copy a diagnostic report</source>
      <translation>复制诊断报告</translation>
    </message>
    <message>
      <source>Copy the alpha</source>
      <translation>复制 Alpha</translation>
    </message>
    <message>
      <source>Copy the cut-out</source>
      <translation>复制抠出的图像</translation>
    </message>
    <message>
      <source>Default class</source>
      <translation>默认类别</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>删除</translation>
    </message>
    <message>
      <source>Edges</source>
      <translation>边缘</translation>
    </message>
    <message>
      <source>Edit</source>
      <translation>编辑</translation>
    </message>
    <message>
      <source>Export people</source>
      <translation>导出人物</translation>
    </message>
    <message>
      <source>Farther</source>
      <translation>缩小</translation>
    </message>
    <message>
      <source>File</source>
      <translation>文件</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>使用指南</translation>
    </message>
    <message>
      <source>Harder</source>
      <translation>更硬</translation>
    </message>
    <message>
      <source>Help</source>
      <translation>帮助</translation>
    </message>
    <message>
      <source>History</source>
      <translation>历史记录</translation>
    </message>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>键盘快捷键</translation>
    </message>
    <message>
      <source>Larger</source>
      <translation>增大</translation>
    </message>
    <message>
      <source>Layer down</source>
      <translation>图层下移</translation>
    </message>
    <message>
      <source>Layer up</source>
      <translation>图层上移</translation>
    </message>
    <message>
      <source>Line of the wipe to the left</source>
      <translation>对比线左移</translation>
    </message>
    <message>
      <source>Line of the wipe to the right</source>
      <translation>对比线右移</translation>
    </message>
    <message>
      <source>Matte all photos</source>
      <translation>为所有照片抠图</translation>
    </message>
    <message>
      <source>Models…</source>
      <translation>模型…</translation>
    </message>
    <message>
      <source>Nearer</source>
      <translation>放大</translation>
    </message>
    <message>
      <source>Next person</source>
      <translation>下一个人物</translation>
    </message>
    <message>
      <source>Next photo</source>
      <translation>下一张照片</translation>
    </message>
    <message>
      <source>Next view</source>
      <translation>下一个视图</translation>
    </message>
    <message>
      <source>Not this person</source>
      <translation>非此人物</translation>
    </message>
    <message>
      <source>Only this person</source>
      <translation>仅显示此人物</translation>
    </message>
    <message>
      <source>Open the sample</source>
      <translation>打开示例</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>打开…</translation>
    </message>
    <message>
      <source>Overlay on or off</source>
      <translation>显示或隐藏叠加</translation>
    </message>
    <message>
      <source>Panels on or off</source>
      <translation>显示或隐藏面板</translation>
    </message>
    <message>
      <source>Paste as a new photo</source>
      <translation>粘贴为新照片</translation>
    </message>
    <message>
      <source>People</source>
      <translation>人物</translation>
    </message>
    <message>
      <source>Pin strokes</source>
      <translation>固定笔触</translation>
    </message>
    <message>
      <source>Preferences…</source>
      <translation>首选项…</translation>
    </message>
    <message>
      <source>Previous person</source>
      <translation>上一个人物</translation>
    </message>
    <message>
      <source>Previous photo</source>
      <translation>上一张照片</translation>
    </message>
    <message>
      <source>Previous view</source>
      <translation>上一个视图</translation>
    </message>
    <message>
      <source>Quick mask</source>
      <translation>快速蒙版</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>退出</translation>
    </message>
    <message>
      <source>Recent photos</source>
      <translation>最近打开的照片</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <source>Rename</source>
      <translation>重命名</translation>
    </message>
    <message>
      <source>Run</source>
      <translation>运行</translation>
    </message>
    <message>
      <source>Save the project</source>
      <translation>保存项目</translation>
    </message>
    <message>
      <source>Save the project as…</source>
      <translation>项目另存为…</translation>
    </message>
    <message>
      <source>Smaller</source>
      <translation>减小</translation>
    </message>
    <message>
      <source>Softer</source>
      <translation>更柔</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Swap the last two classes</source>
      <translation>交换最近使用的两个类别</translation>
    </message>
    <message>
      <source>These pieces are one person</source>
      <translation>这些部分属于同一人物</translation>
    </message>
    <message>
      <source>This person</source>
      <translation>此人物</translation>
    </message>
    <message>
      <source>Tour of two minutes</source>
      <translation>两分钟导览</translation>
    </message>
    <message>
      <source>Try all orders</source>
      <translation>尝试所有顺序</translation>
    </message>
    <message>
      <source>Two views side by side</source>
      <translation>并排两个视图</translation>
    </message>
    <message>
      <source>Undecided</source>
      <translation>未定</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <source>Unsaved work…</source>
      <translation>未保存的工作…</translation>
    </message>
    <message>
      <source>View</source>
      <translation>视图</translation>
    </message>
    <message>
      <source>When something does not work</source>
      <translation>疑难解答</translation>
    </message>
    <message>
      <source>Whole photo</source>
      <translation>适合窗口</translation>
    </message>
    <message>
      <source>Worst conflict</source>
      <translation>最大冲突处</translation>
    </message>
  </context>
  <context>
    <name>Autosave</name>
    <message>
      <source>The work could not be kept. {reason}</source>
      <translation>无法保存工作进度。{reason}</translation>
    </message>
  </context>
  <context>
    <name>Backdrops</name>
    <message>
      <source>Backdrop</source>
      <translation>预览背景</translation>
    </message>
  </context>
  <context>
    <name>Badge</name>
    <message>
      <source>Masks — Enter makes the mattes</source>
      <translation>蒙版，按 Enter 生成遮罩</translation>
    </message>
    <message>
      <source>Masks — mattes follow</source>
      <translation>蒙版，遮罩随后显示</translation>
    </message>
    <message>
      <source>Matting failed — see above</source>
      <translation>抠图失败，见上方说明</translation>
    </message>
    <message>
      <source>Preview — Enter runs the rest</source>
      <translation>预览，按 Enter 计算其余部分</translation>
    </message>
    <message>
      <source>Preview — the full result follows</source>
      <translation>预览，完整结果随后显示</translation>
    </message>
    <message>
      <source>The last mattes — Enter runs</source>
      <translation>上次的遮罩，按 Enter 重新计算</translation>
    </message>
    <message>
      <source>The last mattes — new ones follow</source>
      <translation>上次的遮罩，新结果随后显示</translation>
    </message>
  </context>
  <context>
    <name>Batch</name>
    <message>
      <source>photo {number} of {count}</source>
      <translation>第 {number} 张，共 {count} 张</translation>
    </message>
  </context>
  <context>
    <name>Beside</name>
    <message>
      <source>The diagnostic report is being put together…</source>
      <translation>正在生成诊断报告…</translation>
    </message>
    <message>
      <source>The diagnostic report is on the clipboard; no photo is in it.</source>
      <translation>诊断报告已复制到剪贴板，其中不含照片。</translation>
    </message>
  </context>
  <context>
    <name>BrushBar</name>
    <message>
      <source>Another person</source>
      <translation>其他人物</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>画笔</translation>
    </message>
    <message>
      <source>Brush hardness</source>
      <translation>画笔硬度</translation>
    </message>
    <message>
      <source>Brush size</source>
      <translation>画笔大小</translation>
    </message>
    <message>
      <source>Hardness</source>
      <translation>硬度</translation>
    </message>
    <message>
      <source>Not this person</source>
      <translation>非此人物</translation>
    </message>
    <message>
      <source>Pin</source>
      <translation>固定</translation>
    </message>
    <message>
      <source>Run after each stroke</source>
      <translation>每次绘制后运行</translation>
    </message>
    <message>
      <source>Run on Enter</source>
      <translation>按 Enter 运行</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <source>Strokes fix the alpha at exactly 1 or 0, whatever the network says (K)</source>
      <translation>笔触把 Alpha 固定为 1 或 0，不受网络影响 (K)</translation>
    </message>
    <message>
      <source>The rim of a soft brush is left to the network</source>
      <translation>软画笔的边缘由网络决定</translation>
    </message>
    <message>
      <source>This person</source>
      <translation>此人物</translation>
    </message>
    <message>
      <source>Undecided</source>
      <translation>未定</translation>
    </message>
    <message>
      <source>When to run</source>
      <translation>何时运行</translation>
    </message>
  </context>
  <context>
    <name>CandidatesPanel</name>
    <message>
      <source>Add</source>
      <translation>添加</translation>
    </message>
    <message>
      <source>Candidates</source>
      <translation>候选人物</translation>
    </message>
    <message>
      <source>Least score of a candidate, in per cent</source>
      <translation>候选的最低得分（百分比）</translation>
    </message>
    <message>
      <source>Make the candidate a person</source>
      <translation>把候选设为人物</translation>
    </message>
    <message>
      <source>People of whom the recogniser is less sure, dashed in the photo; a click adds one</source>
      <translation>识别器不太确定的人物，在照片中以虚线显示；单击即可添加</translation>
    </message>
    <message>
      <source>Score from</source>
      <translation>最低得分</translation>
    </message>
    <message>
      <source>looking …</source>
      <translation>正在查找…</translation>
    </message>
    <message>
      <source>score {score:.2f}, {share:.1f} % of the photo</source>
      <translation>得分 {score:.2f}，占照片 {share:.1f} %</translation>
    </message>
    <message>
      <source>{count} found</source>
      <translation>找到 {count} 个</translation>
    </message>
  </context>
  <context>
    <name>Canvas</name>
    <message>
      <source>Choose the person to paint for first.</source>
      <translation>请先选择要为谁绘制。</translation>
    </message>
    <message>
      <source>Click what is missing, right-click what is too much; Enter adds the person.</source>
      <translation>单击缺少的部分，右键单击多余的部分；按 Enter 添加人物。</translation>
    </message>
    <message>
      <source>Draw the line through the person, who must not be locked.</source>
      <translation>请画线穿过人物，该人物不能处于锁定状态。</translation>
    </message>
    <message>
      <source>Photo</source>
      <translation>照片</translation>
    </message>
    <message>
      <source>refined only here</source>
      <translation>仅在此处细化</translation>
    </message>
    <message>
      <source>{name} is locked; unlock the layer to paint.</source>
      <translation>{name} 已锁定；请先解锁图层再绘制。</translation>
    </message>
  </context>
  <context>
    <name>ComparePanel</name>
    <message>
      <source>Cycle</source>
      <translation>循环</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>完成</translation>
    </message>
    <message>
      <source>Keep left</source>
      <translation>保留左侧</translation>
    </message>
    <message>
      <source>Keep what lies left of the line for everybody</source>
      <translation>对所有人采用分界线左侧的结果</translation>
    </message>
    <message>
      <source>Keep what lies left of the line for the selected people alone</source>
      <translation>仅对所选人物采用分界线左侧的结果</translation>
    </message>
    <message>
      <source>Left</source>
      <translation>左侧</translation>
    </message>
    <message>
      <source>Left, Σ error</source>
      <translation>左侧 Σ 误差</translation>
    </message>
    <message>
      <source>None</source>
      <translation>无</translation>
    </message>
    <message>
      <source>Parallel</source>
      <translation>并行</translation>
    </message>
    <message>
      <source>Refinement left of the line</source>
      <translation>分界线左侧的细化方式</translation>
    </message>
    <message>
      <source>Right, Σ error</source>
      <translation>右侧 Σ 误差</translation>
    </message>
    <message>
      <source>being computed …</source>
      <translation>正在计算…</translation>
    </message>
    <message>
      <source>… for selected</source>
      <translation>…用于所选</translation>
    </message>
  </context>
  <context>
    <name>Conductor</name>
    <message>
      <source>Its mattes are of another engine, size or version: they are made anew.</source>
      <translation>其中的遮罩来自另一种引擎、尺寸或版本，将重新计算。</translation>
    </message>
    <message>
      <source>The export was cancelled: no file was written.</source>
      <translation>导出已取消：未写入任何文件。</translation>
    </message>
    <message>
      <source>preparing the photo</source>
      <translation>正在准备照片</translation>
    </message>
  </context>
  <context>
    <name>Detailing</name>
    <message>
      <source>There is no detail at the photo's own resolution: {reason} It can be left out (Refinement).</source>
      <translation>无法按照片原始分辨率处理细节：{reason}可以不处理细节（见“细化”）。</translation>
    </message>
    <message>
      <source>This follows as soon as the mattes are ready; Esc cancels it.</source>
      <translation>遮罩一就绪便会进行；按 Esc 取消。</translation>
    </message>
    <message>
      <source>Without detail at the photo's own resolution (Refinement) it is ready sooner.</source>
      <translation>如不按照片原始分辨率处理细节（见“细化”），可更快完成。</translation>
    </message>
  </context>
  <context>
    <name>EdgePanel</name>
    <message>
      <source>Contrast</source>
      <translation>对比度</translation>
    </message>
    <message>
      <source>Drop specks</source>
      <translation>去除杂点</translation>
    </message>
    <message>
      <source>Drops loose pieces at most so large across</source>
      <translation>去除直径不超过此值的零散碎块</translation>
    </message>
    <message>
      <source>Edges</source>
      <translation>边缘</translation>
    </message>
    <message>
      <source>Feather</source>
      <translation>羽化</translation>
    </message>
    <message>
      <source>Fill holes</source>
      <translation>填充孔洞</translation>
    </message>
    <message>
      <source>Fills holes that are at most so large across</source>
      <translation>填充直径不超过此值的孔洞</translation>
    </message>
    <message>
      <source>Makes a soft outline steeper; at 100 % it is hard</source>
      <translation>使柔和的轮廓更锐利，100 % 时为硬边</translation>
    </message>
    <message>
      <source>Moves the outline outwards, or, negative, inwards</source>
      <translation>将轮廓向外移动，负值则向内移动</translation>
    </message>
    <message>
      <source>Reset edges</source>
      <translation>重置边缘</translation>
    </message>
    <message>
      <source>Shift</source>
      <translation>移动边缘</translation>
    </message>
    <message>
      <source>Shift, feather, contrast, smooth, holes and specks of the selected people</source>
      <translation>所选人物的边缘移动、羽化、对比度、平滑、孔洞与杂点</translation>
    </message>
    <message>
      <source>Smooth</source>
      <translation>平滑</translation>
    </message>
    <message>
      <source>Softens the outline</source>
      <translation>使轮廓变柔和</translation>
    </message>
    <message>
      <source>Takes small bulges and dents away</source>
      <translation>去除细小的凸起和凹陷</translation>
    </message>
    <message>
      <source>The outlines of the selected people as they were</source>
      <translation>将所选人物的轮廓恢复原状</translation>
    </message>
    <message>
      <source>locked</source>
      <translation>已锁定</translation>
    </message>
    <message>
      <source>{count} people</source>
      <translation>{count} 个人物</translation>
    </message>
    <message>
      <source>{setting}, number</source>
      <translation>{setting}，数值</translation>
    </message>
  </context>
  <context>
    <name>Edit</name>
    <message>
      <source>Add people</source>
      <translation>添加人物</translation>
    </message>
    <message>
      <source>Add person</source>
      <translation>添加人物</translation>
    </message>
    <message>
      <source>Delete people</source>
      <translation>删除人物</translation>
    </message>
    <message>
      <source>Delete person</source>
      <translation>删除人物</translation>
    </message>
    <message>
      <source>Edge</source>
      <translation>边缘</translation>
    </message>
    <message>
      <source>Erase</source>
      <translation>擦除</translation>
    </message>
    <message>
      <source>Import people</source>
      <translation>导入人物</translation>
    </message>
    <message>
      <source>Import person</source>
      <translation>导入人物</translation>
    </message>
    <message>
      <source>Merge people</source>
      <translation>合并人物</translation>
    </message>
    <message>
      <source>Quick mask</source>
      <translation>快速蒙版</translation>
    </message>
    <message>
      <source>Refine everywhere</source>
      <translation>全部区域细化</translation>
    </message>
    <message>
      <source>Refine only inside</source>
      <translation>仅在区域内细化</translation>
    </message>
    <message>
      <source>Refinement</source>
      <translation>细化</translation>
    </message>
    <message>
      <source>Refinement of a person</source>
      <translation>单个人物的细化</translation>
    </message>
    <message>
      <source>Refinement of people</source>
      <translation>多个人物的细化</translation>
    </message>
    <message>
      <source>Reorder people</source>
      <translation>重排人物</translation>
    </message>
    <message>
      <source>Solo</source>
      <translation>单独显示</translation>
    </message>
    <message>
      <source>Split person</source>
      <translation>拆分人物</translation>
    </message>
  </context>
  <context>
    <name>Exchange</name>
    <message>
      <source>Nothing was copied.</source>
      <translation>未复制任何内容。</translation>
    </message>
    <message>
      <source>Select a person whose matte is ready.</source>
      <translation>请选择遮罩已完成的人物。</translation>
    </message>
    <message>
      <source>The alpha is in the clipboard.</source>
      <translation>Alpha 已复制到剪贴板。</translation>
    </message>
    <message>
      <source>The cut-out is in the clipboard.</source>
      <translation>抠出的图像已复制到剪贴板。</translation>
    </message>
  </context>
  <context>
    <name>ExportFiles</name>
    <message>
      <source>1 file</source>
      <translation>1 个文件</translation>
    </message>
    <message>
      <source>Files that will be written</source>
      <translation>将要写入的文件</translation>
    </message>
    <message>
      <source>There already: {path}</source>
      <translation>已存在：{path}</translation>
    </message>
    <message>
      <source>about {size}</source>
      <translation>约 {size}</translation>
    </message>
    <message>
      <source>more than this format can hold; choose {instead}</source>
      <translation>超出此格式的容量，请改用 {instead}</translation>
    </message>
    <message>
      <source>{count} files</source>
      <translation>{count} 个文件</translation>
    </message>
    <message>
      <source>{count} there already</source>
      <translation>{count} 个已存在</translation>
    </message>
  </context>
  <context>
    <name>ExportForm</name>
    <message>
      <source>Alpha</source>
      <translation>Alpha</translation>
    </message>
    <message>
      <source>As large as the photo</source>
      <translation>与照片等大</translation>
    </message>
    <message>
      <source>As the format is used</source>
      <translation>按格式惯例</translation>
    </message>
    <message>
      <source>Background</source>
      <translation>背景</translation>
    </message>
    <message>
      <source>Both</source>
      <translation>两者</translation>
    </message>
    <message>
      <source>COCO annotations</source>
      <translation>COCO 标注</translation>
    </message>
    <message>
      <source>Canvas</source>
      <translation>画布</translation>
    </message>
    <message>
      <source>Cleaned of the background</source>
      <translation>去除背景色</translation>
    </message>
    <message>
      <source>Cleaning</source>
      <translation>净化程度</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>颜色</translation>
    </message>
    <message>
      <source>Cropped, with its place</source>
      <translation>裁切并保留位置</translation>
    </message>
    <message>
      <source>Cryptomatte</source>
      <translation>Cryptomatte</translation>
    </message>
    <message>
      <source>Cut-out</source>
      <translation>抠出的图像</translation>
    </message>
    <message>
      <source>EXIF, places included; in PNG, WebP, PSD, PSB and ORA</source>
      <translation>EXIF（含地点）；适用于 PNG、WebP、PSD、PSB 和 ORA</translation>
    </message>
    <message>
      <source>File names</source>
      <translation>文件名</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>格式</translation>
    </message>
    <message>
      <source>How much of what shines through is taken out of the colours</source>
      <translation>从颜色中去除多少透出的背景</translation>
    </message>
    <message>
      <source>Its own, cleaned colours</source>
      <translation>自身的净化颜色</translation>
    </message>
    <message>
      <source>Keep the camera's notes</source>
      <translation>保留相机信息</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>图层</translation>
    </message>
    <message>
      <source>Layers show the photo again</source>
      <translation>图层叠加还原照片</translation>
    </message>
    <message>
      <source>More options</source>
      <translation>更多选项</translation>
    </message>
    <message>
      <source>None</source>
      <translation>无</translation>
    </message>
    <message>
      <source>OpenEXR</source>
      <translation>OpenEXR</translation>
    </message>
    <message>
      <source>OpenRaster</source>
      <translation>OpenRaster</translation>
    </message>
    <message>
      <source>OpenRaster, 16 bit</source>
      <translation>OpenRaster，16 位</translation>
    </message>
    <message>
      <source>PNG</source>
      <translation>PNG</translation>
    </message>
    <message>
      <source>PNG, 16 bit</source>
      <translation>PNG，16 位</translation>
    </message>
    <message>
      <source>PSB (large), layer masks</source>
      <translation>PSB（大型），图层蒙版</translation>
    </message>
    <message>
      <source>PSB (large), transparency, 16 bit</source>
      <translation>PSB（大型），透明度，16 位</translation>
    </message>
    <message>
      <source>PSD, layer masks</source>
      <translation>PSD，图层蒙版</translation>
    </message>
    <message>
      <source>PSD, transparency</source>
      <translation>PSD，透明度</translation>
    </message>
    <message>
      <source>PSD, transparency, 16 bit</source>
      <translation>PSD，透明度，16 位</translation>
    </message>
    <message>
      <source>Profile</source>
      <translation>配置文件</translation>
    </message>
    <message>
      <source>TIFF with layers</source>
      <translation>带图层的 TIFF</translation>
    </message>
    <message>
      <source>TIFF with layers, 16 bit</source>
      <translation>带图层的 TIFF，16 位</translation>
    </message>
    <message>
      <source>The layers, laid over each other, give the photo back; their alphas are stacked</source>
      <translation>图层叠加后还原照片，其 Alpha 按堆叠计算</translation>
    </message>
    <message>
      <source>The photo</source>
      <translation>照片</translation>
    </message>
    <message>
      <source>The photo's own</source>
      <translation>照片自带</translation>
    </message>
    <message>
      <source>The photo's, under a mask</source>
      <translation>照片原色，使用蒙版</translation>
    </message>
    <message>
      <source>Tri-matte</source>
      <translation>三通道遮罩</translation>
    </message>
    <message>
      <source>Trimap</source>
      <translation>三分图</translation>
    </message>
    <message>
      <source>WebP, lossless</source>
      <translation>WebP，无损</translation>
    </message>
    <message>
      <source>{number} from 1, {index} from 0, {name} the person's, {photo} the photo's; {index:03} pads</source>
      <translation>{number} 从 1 起，{index} 从 0 起，{name} 为人物名，{photo} 为照片名；{index:03} 补零</translation>
    </message>
  </context>
  <context>
    <name>ExportPanel</name>
    <message>
      <source>1 file is there already in “{folder}”.</source>
      <translation>“{folder}”中已有 1 个文件。</translation>
    </message>
    <message>
      <source>Choose the folder</source>
      <translation>选择文件夹</translation>
    </message>
    <message>
      <source>Every photo has a folder of its own in this one</source>
      <translation>每张照片在其中有自己的文件夹</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <source>Export people</source>
      <translation>导出人物</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>文件夹</translation>
    </message>
    <message>
      <source>Folder for the layers</source>
      <translation>图层文件夹</translation>
    </message>
    <message>
      <source>Keep both</source>
      <translation>两者都保留</translation>
    </message>
    <message>
      <source>Replace all</source>
      <translation>全部替换</translation>
    </message>
    <message>
      <source>{count} files are there already in “{folder}”.</source>
      <translation>“{folder}”中已有 {count} 个文件。</translation>
    </message>
    <message>
      <source>…</source>
      <translation>…</translation>
    </message>
  </context>
  <context>
    <name>Finder</name>
    <message>
      <source>Draw a box round each person (W and drag), or click on them (C).</source>
      <translation>在每个人物周围拖出方框（W 并拖动），或单击人物（C）。</translation>
    </message>
  </context>
  <context>
    <name>Giving</name>
    <message>
      <source>The cut-out took too long to make; drag again.</source>
      <translation>生成抠图耗时过长；请再次拖动。</translation>
    </message>
    <message>
      <source>The detail of this photo takes longer; drag again when it is ready.</source>
      <translation>此照片的细节需要更长时间；完成后请重新拖动。</translation>
    </message>
  </context>
  <context>
    <name>GuideWindow</name>
    <message>
      <source>Contents</source>
      <translation>目录</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>使用指南</translation>
    </message>
    <message>
      <source>Search the guide</source>
      <translation>搜索指南</translation>
    </message>
    <message>
      <source>Search; Enter goes to the next place</source>
      <translation>搜索；按 Enter 跳到下一处</translation>
    </message>
  </context>
  <context>
    <name>HistorySheet</name>
    <message>
      <source>As it began</source>
      <translation>初始状态</translation>
    </message>
    <message>
      <source>History</source>
      <translation>历史记录</translation>
    </message>
    <message>
      <source>{used} of {budget} MB</source>
      <translation>{used} / {budget} MB</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source> — unsaved</source>
      <translation>（未保存）</translation>
    </message>
    <message>
      <source>1 file written to {place}.</source>
      <translation>已将 1 个文件写入 {place}。</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>添加</translation>
    </message>
    <message>
      <source>Add InstMatt Studio to your programs, and to “Open with” for photos?</source>
      <translation>将 InstMatt Studio 加入程序列表和照片的“打开方式”？</translation>
    </message>
    <message>
      <source>After</source>
      <translation>之后</translation>
    </message>
    <message>
      <source>An export is under way. Close all the same, and write no files?</source>
      <translation>正在导出。仍要关闭并且不写入任何文件吗？</translation>
    </message>
    <message>
      <source>Before</source>
      <translation>之前</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>InstMatt Studio is among your programs now.</source>
      <translation>InstMatt Studio 已加入您的程序列表。</translation>
    </message>
    <message>
      <source>New here? A tour shows the window in two minutes.</source>
      <translation>第一次使用？两分钟导览带您了解窗口。</translation>
    </message>
    <message>
      <source>Pasted picture</source>
      <translation>粘贴的图片</translation>
    </message>
    <message>
      <source>People and background add up to one everywhere: there is no conflict.</source>
      <translation>人物与背景处处相加为一：没有冲突。</translation>
    </message>
    <message>
      <source>Show me</source>
      <translation>开始</translation>
    </message>
    <message>
      <source>The launcher could not be added. {reason}</source>
      <translation>无法添加启动项。{reason}</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>工具</translation>
    </message>
    <message>
      <source>{count} files written to {place}.</source>
      <translation>已将 {count} 个文件写入 {place}。</translation>
    </message>
  </context>
  <context>
    <name>MessageRow</name>
    <message>
      <source>Close the message</source>
      <translation>关闭消息</translation>
    </message>
  </context>
  <context>
    <name>ModelRow</name>
    <message>
      <source>Another program has it; it is taken over when it is first used</source>
      <translation>其他程序已有此模型，首次使用时转入</translation>
    </message>
    <message>
      <source>Being fetched</source>
      <translation>正在下载</translation>
    </message>
    <message>
      <source>Checksum: its owners publish none, so only its structure can be checked</source>
      <translation>校验和：所有者未公布，只能检查其结构</translation>
    </message>
    <message>
      <source>Checksum: {kind} begins with {digits}</source>
      <translation>校验和：{kind} 以 {digits} 开头</translation>
    </message>
    <message>
      <source>Fetch</source>
      <translation>下载</translation>
    </message>
    <message>
      <source>Fetch {name}</source>
      <translation>下载 {name}</translation>
    </message>
    <message>
      <source>Licence: {licence}</source>
      <translation>许可：{licence}</translation>
    </message>
    <message>
      <source>Not there; it can be fetched</source>
      <translation>尚未下载，可以下载</translation>
    </message>
    <message>
      <source>Not there; it comes with the program</source>
      <translation>缺失；应随程序提供</translation>
    </message>
    <message>
      <source>Progress of {name}</source>
      <translation>{name} 的进度</translation>
    </message>
    <message>
      <source>Ready</source>
      <translation>就绪</translation>
    </message>
    <message>
      <source>Source: {host}</source>
      <translation>来源：{host}</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Stop fetching {name}</source>
      <translation>停止下载 {name}</translation>
    </message>
    <message>
      <source>about {size} MB</source>
      <translation>约 {size} MB</translation>
    </message>
  </context>
  <context>
    <name>ModelsDialog</name>
    <message>
      <source>Closed-form matting, without weights</source>
      <translation>闭式抠图，无需权重</translation>
    </message>
    <message>
      <source>Detectron2</source>
      <translation>Detectron2</translation>
    </message>
    <message>
      <source>Detectron2 is installed.</source>
      <translation>已安装 Detectron2。</translation>
    </message>
    <message>
      <source>Detectron2 is not installed, and need not be: torchvision finds the same people with the same weights. {link} says how it is installed by pip from its repository, on Linux and macOS. It goes into this program's environment after PyTorch, with --no-build-isolation, needs a C++20 compiler and about 2.5 GB of memory per compiler job, and has to be built anew whenever torch changes.</source>
      <translation>未安装 Detectron2，也并非必需：torchvision 使用相同的权重可以找到相同的人物。{link} 说明了如何在 Linux 和 macOS 上用 pip 从其仓库安装。请在 PyTorch 之后用 --no-build-isolation 装入本程序的环境；需要 C++20 编译器，每个编译任务约需 2.5 GB 内存；torch 变动后须重新编译。</translation>
    </message>
    <message>
      <source>Import a file</source>
      <translation>导入文件</translation>
    </message>
    <message>
      <source>Import a file…</source>
      <translation>导入文件…</translation>
    </message>
    <message>
      <source>In use: {engine}; {recogniser}</source>
      <translation>正在使用：{engine}；{recogniser}</translation>
    </message>
    <message>
      <source>InstMatt with a file of your own…</source>
      <translation>InstMatt，使用自己的文件…</translation>
    </message>
    <message>
      <source>InstMatt with {name}</source>
      <translation>InstMatt，使用 {name}</translation>
    </message>
    <message>
      <source>Mask R-CNN by torchvision</source>
      <translation>torchvision 的 Mask R-CNN</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>People are found by</source>
      <translation>人物识别</translation>
    </message>
    <message>
      <source>People are matted by</source>
      <translation>抠图引擎</translation>
    </message>
    <message>
      <source>The best that is ready</source>
      <translation>已就绪的最佳选项</translation>
    </message>
    <message>
      <source>The small network that comes with the program</source>
      <translation>程序自带的小型网络</translation>
    </message>
    <message>
      <source>Weights (*.pth *.pkl *.safetensors)</source>
      <translation>权重 (*.pth *.pkl *.safetensors)</translation>
    </message>
    <message>
      <source>Weights (*.pth *.safetensors)</source>
      <translation>权重 (*.pth *.safetensors)</translation>
    </message>
    <message>
      <source>Weights of the InstMatt network</source>
      <translation>InstMatt 网络的权重</translation>
    </message>
    <message>
      <source>Weights that were downloaded otherwise, or copied from another computer</source>
      <translation>以其他方式下载或从别的电脑复制的权重</translation>
    </message>
    <message>
      <source>boxes, as nothing that finds people by itself is ready</source>
      <translation>方框（没有可自动识别人物的模型就绪）</translation>
    </message>
    <message>
      <source>closed-form matting</source>
      <translation>闭式抠图</translation>
    </message>
    <message>
      <source>{name} (not ready)</source>
      <translation>{name}（未就绪）</translation>
    </message>
    <message>
      <source>{name} is ready and in use.</source>
      <translation>{name} 已就绪并启用。</translation>
    </message>
    <message>
      <source>{name} is ready.</source>
      <translation>{name} 已就绪。</translation>
    </message>
  </context>
  <context>
    <name>Opening</name>
    <message>
      <source>Open a photo</source>
      <translation>打开照片</translation>
    </message>
    <message>
      <source>There is no photo in it (JPEG, PNG, TIFF, WebP or BMP).</source>
      <translation>其中没有照片（JPEG、PNG、TIFF、WebP 或 BMP）。</translation>
    </message>
    <message>
      <source>There is no picture in it; save it as a file first and open that.</source>
      <translation>其中没有图片；请先存为文件再打开。</translation>
    </message>
  </context>
  <context>
    <name>OrderList</name>
    <message>
      <source>Drag people into the order of the cycle, or move them with Alt and the arrows; whoever is not ticked is held as they are</source>
      <translation>拖动人物排列循环顺序，或用 Alt 加方向键移动；未勾选者保持不变</translation>
    </message>
    <message>
      <source>Order of the cycle</source>
      <translation>循环顺序</translation>
    </message>
  </context>
  <context>
    <name>OrdersPanel</name>
    <message>
      <source>Every order of the cycle of up to {count} people, the least error first</source>
      <translation>至多 {count} 人的所有循环顺序，误差小者在前</translation>
    </message>
    <message>
      <source>Orders, the least error first</source>
      <translation>各种顺序，误差小者在前</translation>
    </message>
    <message>
      <source>Try all orders</source>
      <translation>尝试所有顺序</translation>
    </message>
    <message>
      <source>Use</source>
      <translation>采用</translation>
    </message>
    <message>
      <source>Use the order</source>
      <translation>采用此顺序</translation>
    </message>
    <message>
      <source>trying …</source>
      <translation>正在尝试…</translation>
    </message>
  </context>
  <context>
    <name>PeoplePanel</name>
    <message>
      <source>Add</source>
      <translation>添加</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>删除</translation>
    </message>
    <message>
      <source>Merge</source>
      <translation>合并</translation>
    </message>
    <message>
      <source>People</source>
      <translation>人物</translation>
    </message>
    <message>
      <source>Point at somebody who was not found: clicks, or a box</source>
      <translation>指出未找到的人物：单击或画框</translation>
    </message>
    <message>
      <source>Split</source>
      <translation>拆分</translation>
    </message>
    <message>
      <source>These pieces are one person</source>
      <translation>这些部分属于同一人物</translation>
    </message>
    <message>
      <source>Two people were found as one: draw the line between them</source>
      <translation>两个人被识别为一个：在两人之间画线</translation>
    </message>
    <message>
      <source>done</source>
      <translation>完成</translation>
    </message>
    <message>
      <source>edges</source>
      <translation>边缘</translation>
    </message>
    <message>
      <source>edited, not run</source>
      <translation>已编辑，未运行</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>失败</translation>
    </message>
    <message>
      <source>found, not run</source>
      <translation>已找到，未运行</translation>
    </message>
    <message>
      <source>preview</source>
      <translation>预览</translation>
    </message>
    <message>
      <source>running {share} %</source>
      <translation>运行中 {share} %</translation>
    </message>
    <message>
      <source>{count} found</source>
      <translation>找到 {count} 个</translation>
    </message>
  </context>
  <context>
    <name>PersonRow</name>
    <message>
      <source>Colour</source>
      <translation>颜色</translation>
    </message>
    <message>
      <source>Colour of {name}</source>
      <translation>{name} 的颜色</translation>
    </message>
    <message>
      <source>Hide {name}</source>
      <translation>隐藏 {name}</translation>
    </message>
    <message>
      <source>Lock</source>
      <translation>锁定</translation>
    </message>
    <message>
      <source>Lock {name}</source>
      <translation>锁定 {name}</translation>
    </message>
    <message>
      <source>Lock: strokes for others cannot change this person</source>
      <translation>锁定：为他人绘制的笔触不会改变此人物</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>名称</translation>
    </message>
    <message>
      <source>Rename</source>
      <translation>重命名</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>显示</translation>
    </message>
    <message>
      <source>Show or hide (Alt: only this person)</source>
      <translation>显示或隐藏（Alt：仅此人物）</translation>
    </message>
    <message>
      <source>Show {name}</source>
      <translation>显示 {name}</translation>
    </message>
    <message>
      <source>Unlock {name}</source>
      <translation>解锁 {name}</translation>
    </message>
  </context>
  <context>
    <name>PreferencesDialog</name>
    <message>
      <source> min</source>
      <translation> 分钟</translation>
    </message>
    <message>
      <source> px</source>
      <translation> 像素</translation>
    </message>
    <message>
      <source>Alpha</source>
      <translation>Alpha</translation>
    </message>
    <message>
      <source>Apple GPU</source>
      <translation>Apple GPU</translation>
    </message>
    <message>
      <source>As at first</source>
      <translation>恢复默认</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>跟随系统</translation>
    </message>
    <message>
      <source>Both</source>
      <translation>两者</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>颜色</translation>
    </message>
    <message>
      <source>Computing</source>
      <translation>计算</translation>
    </message>
    <message>
      <source>Cut-out</source>
      <translation>抠出的图像</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>深色</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>设备</translation>
    </message>
    <message>
      <source>Everything on these pages; shortcuts stay as they are</source>
      <translation>仅限这些页面；快捷键保持不变</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>格式</translation>
    </message>
    <message>
      <source>General</source>
      <translation>常规</translation>
    </message>
    <message>
      <source>Keep the camera's notes</source>
      <translation>保留相机信息</translation>
    </message>
    <message>
      <source>Keep the work every</source>
      <translation>自动保存间隔</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>语言</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>图层</translation>
    </message>
    <message>
      <source>Layers show the photo again</source>
      <translation>图层叠加还原照片</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>浅色</translation>
    </message>
    <message>
      <source>Memory at most</source>
      <translation>内存上限</translation>
    </message>
    <message>
      <source>Otherwise strokes wait until Enter is pressed.</source>
      <translation>否则按 Enter 后才计算笔触。</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>轮廓</translation>
    </message>
    <message>
      <source>Preferences</source>
      <translation>首选项</translation>
    </message>
    <message>
      <source>Processor (CPU)</source>
      <translation>处理器 (CPU)</translation>
    </message>
    <message>
      <source>Run after each stroke</source>
      <translation>每次绘制后运行</translation>
    </message>
    <message>
      <source>Takes effect at the next start.</source>
      <translation>下次启动时生效。</translation>
    </message>
    <message>
      <source>That of the working size</source>
      <translation>工作尺寸</translation>
    </message>
    <message>
      <source>The fastest there is</source>
      <translation>最快的设备</translation>
    </message>
    <message>
      <source>The longer side at which photos are matted: more is finer and slower.</source>
      <translation>抠图时照片长边的像素数：越大越精细，也越慢。</translation>
    </message>
    <message>
      <source>The photo's own</source>
      <translation>照片自带</translation>
    </message>
    <message>
      <source>The photo's own resolution</source>
      <translation>照片原始分辨率</translation>
    </message>
    <message>
      <source>The photo's own resolution, with InstMatt</source>
      <translation>照片原始分辨率（使用 InstMatt 时）</translation>
    </message>
    <message>
      <source>Theme</source>
      <translation>主题</translation>
    </message>
    <message>
      <source>Tri-matte</source>
      <translation>三通道遮罩</translation>
    </message>
    <message>
      <source>Trimap</source>
      <translation>三分图</translation>
    </message>
    <message>
      <source>What is free</source>
      <translation>可用内存</translation>
    </message>
    <message>
      <source>What the export panel begins with.</source>
      <translation>导出面板的初始设置。</translation>
    </message>
    <message>
      <source>Working size</source>
      <translation>工作尺寸</translation>
    </message>
  </context>
  <context>
    <name>PresetRow</name>
    <message>
      <source>Alphas</source>
      <translation>Alpha</translation>
    </message>
    <message>
      <source>Compositing (EXR)</source>
      <translation>合成 (EXR)</translation>
    </message>
    <message>
      <source>Delete this preset</source>
      <translation>删除此预设</translation>
    </message>
    <message>
      <source>Keep these options under this name</source>
      <translation>以此名称保存这些选项</translation>
    </message>
    <message>
      <source>Krita and GIMP</source>
      <translation>Krita 与 GIMP</translation>
    </message>
    <message>
      <source>Name for these options</source>
      <translation>这组选项的名称</translation>
    </message>
    <message>
      <source>Name of the preset</source>
      <translation>预设名称</translation>
    </message>
    <message>
      <source>Photoshop layers</source>
      <translation>Photoshop 图层</translation>
    </message>
    <message>
      <source>Preset</source>
      <translation>预设</translation>
    </message>
    <message>
      <source>Some presets of exports could not be read: {names}. Their file is kept when it is next changed.</source>
      <translation>部分导出预设无法读取：{names}。下次更改时会保留原文件。</translation>
    </message>
    <message>
      <source>The photo in layers</source>
      <translation>分层照片</translation>
    </message>
    <message>
      <source>Web</source>
      <translation>网页</translation>
    </message>
  </context>
  <context>
    <name>Progress</name>
    <message>
      <source>Refined</source>
      <translation>已细化</translation>
    </message>
    <message>
      <source>Refining all people</source>
      <translation>正在细化所有人物</translation>
    </message>
    <message>
      <source>Refining person {one}</source>
      <translation>正在细化人物 {one}</translation>
    </message>
    <message>
      <source>Writing {name}</source>
      <translation>正在写入 {name}</translation>
    </message>
    <message>
      <source>clean colours</source>
      <translation>正在净化颜色</translation>
    </message>
    <message>
      <source>cutting out person {one} of {all}</source>
      <translation>正在分离第 {one} 个人物，共 {all} 个</translation>
    </message>
    <message>
      <source>detail ready</source>
      <translation>细节已完成</translation>
    </message>
    <message>
      <source>detail, window {one} of {all}</source>
      <translation>细节，第 {one} 个窗口，共 {all} 个</translation>
    </message>
    <message>
      <source>edges</source>
      <translation>边缘</translation>
    </message>
    <message>
      <source>finding the outline</source>
      <translation>正在查找轮廓</translation>
    </message>
    <message>
      <source>getting ready</source>
      <translation>正在准备</translation>
    </message>
    <message>
      <source>getting ready for the first time</source>
      <translation>首次准备中</translation>
    </message>
    <message>
      <source>loading the engine</source>
      <translation>正在加载抠图引擎</translation>
    </message>
    <message>
      <source>loading {name}</source>
      <translation>正在加载 {name}</translation>
    </message>
    <message>
      <source>looking for people</source>
      <translation>正在识别人物</translation>
    </message>
    <message>
      <source>looking for people with {name}</source>
      <translation>正在用 {name} 识别人物</translation>
    </message>
    <message>
      <source>looking round the clicks</source>
      <translation>正在查看单击处</translation>
    </message>
    <message>
      <source>mattes ready</source>
      <translation>遮罩已完成</translation>
    </message>
    <message>
      <source>matting person {one} of {all}</source>
      <translation>正在抠第 {one} 个人物，共 {all} 个</translation>
    </message>
    <message>
      <source>people found</source>
      <translation>已找到人物</translation>
    </message>
    <message>
      <source>person found</source>
      <translation>已找到人物</translation>
    </message>
    <message>
      <source>putting the layers together</source>
      <translation>正在组合图层</translation>
    </message>
    <message>
      <source>reading the mattes</source>
      <translation>正在读取遮罩</translation>
    </message>
    <message>
      <source>reading the photo</source>
      <translation>正在读取照片</translation>
    </message>
    <message>
      <source>reading {name}</source>
      <translation>正在读取 {name}</translation>
    </message>
    <message>
      <source>saving the mattes</source>
      <translation>正在保存遮罩</translation>
    </message>
    <message>
      <source>saving the photo</source>
      <translation>正在保存照片</translation>
    </message>
    <message>
      <source>saving the project</source>
      <translation>正在保存项目</translation>
    </message>
  </context>
  <context>
    <name>ProjectActions</name>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Projects (*{suffix})</source>
      <translation>项目 (*{suffix})</translation>
    </message>
    <message>
      <source>Save the project</source>
      <translation>保存项目</translation>
    </message>
    <message>
      <source>The photo of “{name}”</source>
      <translation>“{name}”的照片</translation>
    </message>
    <message>
      <source>The project was not saved. {reason}</source>
      <translation>项目未保存。{reason}</translation>
    </message>
    <message>
      <source>There is no unsaved work.</source>
      <translation>没有未保存的工作。</translation>
    </message>
    <message>
      <source>This work is open in another window.</source>
      <translation>此工作已在另一个窗口中打开。</translation>
    </message>
    <message>
      <source>Your work could not be kept. {reason} Close all the same, and lose it?</source>
      <translation>无法保存您的工作。{reason} 仍要关闭并放弃吗？</translation>
    </message>
    <message>
      <source>“{name}” is open in another window; save under another name.</source>
      <translation>“{name}”已在另一个窗口中打开；请另存为其他名称。</translation>
    </message>
    <message>
      <source>“{name}” is open in another window; what you do here is saved under another name.</source>
      <translation>“{name}”已在另一个窗口中打开；此处的工作将以其他名称保存。</translation>
    </message>
    <message>
      <source>“{name}” was changed by another program since; save under another name, or over it.</source>
      <translation>“{name}”已被其他程序更改；请另存为其他名称，或直接覆盖。</translation>
    </message>
  </context>
  <context>
    <name>QuickMask</name>
    <message>
      <source>Choose the person whose mask you want to paint first.</source>
      <translation>请先选择要绘制蒙版的人物。</translation>
    </message>
    <message>
      <source>Mask of {name}: the brush wipes the film off, its opposite lays it on. Q: done, Esc: drop it.</source>
      <translation>{name} 的蒙版：画笔擦去红膜，反向则覆上。Q 完成，Esc 放弃。</translation>
    </message>
    <message>
      <source>Nothing would be left of this person; delete the person instead.</source>
      <translation>此人物将不剩任何部分；请改为删除该人物。</translation>
    </message>
    <message>
      <source>The film knows no undecided places; leave it and use the hair brush.</source>
      <translation>红膜没有“未定”区域；请退出并使用毛发画笔。</translation>
    </message>
    <message>
      <source>{name} is locked; unlock the layer to paint.</source>
      <translation>{name} 已锁定；请先解锁图层再绘制。</translation>
    </message>
  </context>
  <context>
    <name>RecoveryDialog</name>
    <message>
      <source>It is in no project file and cannot be brought back.</source>
      <translation>它不在任何项目文件中，丢弃后无法恢复。</translation>
    </message>
    <message>
      <source>Later</source>
      <translation>稍后</translation>
    </message>
    <message>
      <source>This work is in no project file yet. It stays here until you open it or throw it away.</source>
      <translation>这些工作尚未存入项目文件，会保留在此，直到您打开或丢弃。</translation>
    </message>
    <message>
      <source>Throw away</source>
      <translation>丢弃</translation>
    </message>
    <message>
      <source>Throw the work on “{name}” away?</source>
      <translation>丢弃对“{name}”所做的工作吗？</translation>
    </message>
    <message>
      <source>Unsaved work</source>
      <translation>未保存的工作</translation>
    </message>
  </context>
  <context>
    <name>RefinementPanel</name>
    <message>
      <source>Closed-form matting looks at each person alone; a model of InstMatt refines them all together (Run › Models).</source>
      <translation>闭式抠图逐个处理人物；InstMatt 模型会一起细化所有人（运行 › 模型）。</translation>
    </message>
    <message>
      <source>Compare</source>
      <translation>比较</translation>
    </message>
    <message>
      <source>Cycle</source>
      <translation>循环</translation>
    </message>
    <message>
      <source>Detail at the photo's own resolution</source>
      <translation>按照片原始分辨率处理细节</translation>
    </message>
    <message>
      <source>Everybody</source>
      <translation>所有人</translation>
    </message>
    <message>
      <source>Everywhere</source>
      <translation>全部区域</translation>
    </message>
    <message>
      <source>For</source>
      <translation>对象</translation>
    </message>
    <message>
      <source>Large photos are matted once more near all outlines, at full size, when nothing else is to be done and before they are exported</source>
      <translation>在空闲时以及导出之前，对大照片的所有轮廓附近按原始尺寸再次抠图</translation>
    </message>
    <message>
      <source>Mean gap of people and background to one: before and after refinement</source>
      <translation>人物与背景之和偏离一的平均值：细化前与细化后</translation>
    </message>
    <message>
      <source>Nobody keeps a refinement of their own</source>
      <translation>没有人保留单独的细化设置</translation>
    </message>
    <message>
      <source>None</source>
      <translation>无</translation>
    </message>
    <message>
      <source>Of their own — {words}</source>
      <translation>单独设置：{words}</translation>
    </message>
    <message>
      <source>Only inside {width} × {height} px</source>
      <translation>仅限 {width} × {height} 像素内</translation>
    </message>
    <message>
      <source>Parallel</source>
      <translation>并行</translation>
    </message>
    <message>
      <source>Passes</source>
      <translation>遍数</translation>
    </message>
    <message>
      <source>Refine in the whole photo again</source>
      <translation>重新在整张照片中细化</translation>
    </message>
    <message>
      <source>Refinement</source>
      <translation>细化</translation>
    </message>
    <message>
      <source>Same for all</source>
      <translation>全部相同</translation>
    </message>
    <message>
      <source>Selected people</source>
      <translation>所选人物</translation>
    </message>
    <message>
      <source>Step back</source>
      <translation>后退一步</translation>
    </message>
    <message>
      <source>Step on</source>
      <translation>前进一步</translation>
    </message>
    <message>
      <source>Step through</source>
      <translation>逐步查看</translation>
    </message>
    <message>
      <source>The order applies after step {number}.</source>
      <translation>新顺序在第 {number} 步之后生效。</translation>
    </message>
    <message>
      <source>The order applies from this step on: the run goes on from here.</source>
      <translation>新顺序从这一步起生效：计算由此继续。</translation>
    </message>
    <message>
      <source>This model has no refiner: it mattes each person alone. Another one refines them all together (Run › Models).</source>
      <translation>此模型没有细化器，逐个处理人物；其他模型会一起细化所有人（运行 › 模型）。</translation>
    </message>
    <message>
      <source>Whom the refinement is chosen for</source>
      <translation>细化适用于谁</translation>
    </message>
    <message>
      <source>before the first step</source>
      <translation>第一步之前</translation>
    </message>
    <message>
      <source>everybody</source>
      <translation>所有人</translation>
    </message>
  </context>
  <context>
    <name>Roll</name>
    <message>
      <source>The work on the other photos is kept: File › Unsaved work.</source>
      <translation>其他照片上的工作已保留：文件 › 未保存的工作。</translation>
    </message>
  </context>
  <context>
    <name>SessionRow</name>
    <message>
      <source>1 person</source>
      <translation>1 个人物</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>打开</translation>
    </message>
    <message>
      <source>Throw away</source>
      <translation>丢弃</translation>
    </message>
    <message>
      <source>{count} days ago</source>
      <translation>{count} 天前</translation>
    </message>
    <message>
      <source>{count} hours ago</source>
      <translation>{count} 小时前</translation>
    </message>
    <message>
      <source>{count} minutes ago</source>
      <translation>{count} 分钟前</translation>
    </message>
    <message>
      <source>{count} people</source>
      <translation>{count} 个人物</translation>
    </message>
  </context>
  <context>
    <name>Settings</name>
    <message>
      <source>Some preferences could not be read: {names}. The file as it was is kept as “{kept}”.</source>
      <translation>部分首选项无法读取：{names}。原文件保存为“{kept}”。</translation>
    </message>
    <message>
      <source>The preferences could not be kept. {reason}</source>
      <translation>无法保存首选项。{reason}</translation>
    </message>
    <message>
      <source>The preferences could not be read and are as at first. The file is kept as “{kept}”.</source>
      <translation>无法读取首选项，已恢复默认。原文件保存为“{kept}”。</translation>
    </message>
  </context>
  <context>
    <name>ShortcutSheet</name>
    <message>
      <source>Action</source>
      <translation>操作</translation>
    </message>
    <message>
      <source>All as at first</source>
      <translation>全部恢复默认</translation>
    </message>
    <message>
      <source>Alt+click on the eye</source>
      <translation>Alt+单击眼睛图标</translation>
    </message>
    <message>
      <source>Alt+right button: sideways, up and down</source>
      <translation>Alt+右键：左右调大小，上下调硬度</translation>
    </message>
    <message>
      <source>As at first</source>
      <translation>恢复默认</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>画笔</translation>
    </message>
    <message>
      <source>Choose an action, then press its new key in the field.</source>
      <translation>选择一项操作，然后在输入框中按下新按键。</translation>
    </message>
    <message>
      <source>Ctrl+click</source>
      <translation>Ctrl+单击</translation>
    </message>
    <message>
      <source>Ctrl+wheel, pinch</source>
      <translation>Ctrl+滚轮，双指缩放</translation>
    </message>
    <message>
      <source>Farther</source>
      <translation>缩小</translation>
    </message>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>键盘快捷键</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>按键</translation>
    </message>
    <message>
      <source>Menu</source>
      <translation>菜单</translation>
    </message>
    <message>
      <source>Move the photo</source>
      <translation>移动照片</translation>
    </message>
    <message>
      <source>Move the photo sideways</source>
      <translation>左右移动照片</translation>
    </message>
    <message>
      <source>Nearer</source>
      <translation>放大</translation>
    </message>
    <message>
      <source>Nearer or farther at the cursor</source>
      <translation>在光标处放大或缩小</translation>
    </message>
    <message>
      <source>New key</source>
      <translation>新按键</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>无按键</translation>
    </message>
    <message>
      <source>On the photo</source>
      <translation>照片上</translation>
    </message>
    <message>
      <source>On to the controls</source>
      <translation>转到控件</translation>
    </message>
    <message>
      <source>One more person, or one less</source>
      <translation>加选或减选一个人物</translation>
    </message>
    <message>
      <source>Only this person</source>
      <translation>仅显示此人物</translation>
    </message>
    <message>
      <source>Paint the opposite</source>
      <translation>绘制相反的类别</translation>
    </message>
    <message>
      <source>Panels on or off</source>
      <translation>显示或隐藏面板</translation>
    </message>
    <message>
      <source>People</source>
      <translation>人物</translation>
    </message>
    <message>
      <source>Search</source>
      <translation>搜索</translation>
    </message>
    <message>
      <source>Shift+Tab</source>
      <translation>Shift+Tab</translation>
    </message>
    <message>
      <source>Shift+click</source>
      <translation>Shift+单击</translation>
    </message>
    <message>
      <source>Shift+wheel</source>
      <translation>Shift+滚轮</translation>
    </message>
    <message>
      <source>Size, and hardness</source>
      <translation>大小与硬度</translation>
    </message>
    <message>
      <source>Straight line from the last point</source>
      <translation>从上一点画直线</translation>
    </message>
    <message>
      <source>Tab, with the cursor on the photo</source>
      <translation>光标在照片上时按 Tab</translation>
    </message>
    <message>
      <source>Take the class or the person under the cursor</source>
      <translation>拾取光标下的类别或人物</translation>
    </message>
    <message>
      <source>The photo as it is</source>
      <translation>原始照片</translation>
    </message>
    <message>
      <source>The photo itself uses {key}.</source>
      <translation>{key} 由照片视图使用。</translation>
    </message>
    <message>
      <source>Use it, too</source>
      <translation>同时使用</translation>
    </message>
    <message>
      <source>Use this key</source>
      <translation>使用此键</translation>
    </message>
    <message>
      <source>What can be done here</source>
      <translation>此处可用的操作</translation>
    </message>
    <message>
      <source>hold Alt+Space and click</source>
      <translation>按住 Alt+空格并单击</translation>
    </message>
    <message>
      <source>hold Alt, or the right button</source>
      <translation>按住 Alt 或鼠标右键</translation>
    </message>
    <message>
      <source>hold Ctrl+Space and click</source>
      <translation>按住 Ctrl+空格并单击</translation>
    </message>
    <message>
      <source>hold P</source>
      <translation>按住 P</translation>
    </message>
    <message>
      <source>hold Space and drag, middle button</source>
      <translation>按住空格拖动，或用中键</translation>
    </message>
    <message>
      <source>right click</source>
      <translation>右键单击</translation>
    </message>
    <message>
      <source>{key} calls “{action}”, which would lose it.</source>
      <translation>{key} 已用于“{action}”，将被取代。</translation>
    </message>
  </context>
  <context>
    <name>StartPage</name>
    <message>
      <source>Drop a photo here</source>
      <translation>将照片拖到此处</translation>
    </message>
    <message>
      <source>Every person becomes a layer with a fine alpha matte.</source>
      <translation>每个人物都会成为带有精细 Alpha 遮罩的图层。</translation>
    </message>
    <message>
      <source>No, thanks</source>
      <translation>不用了</translation>
    </message>
    <message>
      <source>Opened before</source>
      <translation>最近打开</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>打开…</translation>
    </message>
    <message>
      <source>Paste</source>
      <translation>粘贴</translation>
    </message>
    <message>
      <source>Try the sample</source>
      <translation>试用示例</translation>
    </message>
  </context>
  <context>
    <name>StatusBar</name>
    <message>
      <source>Esc stops</source>
      <translation>按 Esc 停止</translation>
    </message>
    <message>
      <source>How fine the outlines are that are shown, on a photo above the working size</source>
      <translation>当照片大于工作尺寸时，所显示轮廓的精细程度</translation>
    </message>
    <message>
      <source>Mean gap of people and background to one after refinement</source>
      <translation>细化后人物与背景之和偏离一的平均值</translation>
    </message>
    <message>
      <source>Memory that this program holds</source>
      <translation>本程序占用的内存</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>about {minutes} min left</source>
      <translation>约剩 {minutes} 分钟</translation>
    </message>
    <message>
      <source>about {seconds} s left</source>
      <translation>约剩 {seconds} 秒</translation>
    </message>
    <message>
      <source>detail ready</source>
      <translation>细节已完成</translation>
    </message>
    <message>
      <source>detail {done} of {count}</source>
      <translation>细节 {done} / {count}</translation>
    </message>
    <message>
      <source>working size</source>
      <translation>工作尺寸</translation>
    </message>
    <message>
      <source>{used} of {there} GB</source>
      <translation>{used} / {there} GB</translation>
    </message>
  </context>
  <context>
    <name>Strip</name>
    <message>
      <source>Finds and mattes everybody in all photos, while you work on this one</source>
      <translation>在您处理这张照片时，识别并抠出所有照片中的人物</translation>
    </message>
    <message>
      <source>Matte all</source>
      <translation>全部抠图</translation>
    </message>
    <message>
      <source>Matting {done} of {count}</source>
      <translation>正在抠图：{done} / {count}</translation>
    </message>
    <message>
      <source>Photos</source>
      <translation>照片</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>done</source>
      <translation>完成</translation>
    </message>
    <message>
      <source>edited</source>
      <translation>已编辑</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>失败</translation>
    </message>
    <message>
      <source>running</source>
      <translation>运行中</translation>
    </message>
    <message>
      <source>waiting</source>
      <translation>等待中</translation>
    </message>
    <message>
      <source>{done} of {count} done</source>
      <translation>已完成 {done} / {count}</translation>
    </message>
  </context>
  <context>
    <name>Toolbox</name>
    <message>
      <source>Brush: paint the chosen class</source>
      <translation>画笔：绘制所选类别</translation>
    </message>
    <message>
      <source>Choose people, or drag a box round one to add</source>
      <translation>选择人物，或拖出方框添加</translation>
    </message>
    <message>
      <source>Choose people, or drag to move the photo</source>
      <translation>选择人物，或拖动以移动照片</translation>
    </message>
    <message>
      <source>Eraser: give the pixels back</source>
      <translation>橡皮擦：还原像素</translation>
    </message>
    <message>
      <source>Hair brush: let the network decide here</source>
      <translation>毛发画笔：此处由网络决定</translation>
    </message>
    <message>
      <source>Lasso: fill with the chosen class</source>
      <translation>套索：用所选类别填充</translation>
    </message>
    <message>
      <source>Move the photo</source>
      <translation>移动照片</translation>
    </message>
    <message>
      <source>Nearer, with Alt farther; drag a box to fill the window</source>
      <translation>放大，按住 Alt 缩小；拖出方框使其充满窗口</translation>
    </message>
    <message>
      <source>Point at a person: click on them, right-click beside them, Enter</source>
      <translation>指出人物：在其上单击，在旁边右键单击，按 Enter</translation>
    </message>
    <message>
      <source>Refine only inside a box: drag it</source>
      <translation>仅在方框内细化：拖出方框</translation>
    </message>
    <message>
      <source>Split a person along a line</source>
      <translation>沿线拆分人物</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>工具</translation>
    </message>
  </context>
  <context>
    <name>Tour</name>
    <message>
      <source>A file per person, or one document with everybody as layers. Help › Guide has the rest.</source>
      <translation>每人一个文件，或一个包含所有图层的文档。其余内容见“帮助 › 使用指南”。</translation>
    </message>
    <message>
      <source>Boxes, clicks, brushes, eraser. Point at one to read its key; F1 lists all keys.</source>
      <translation>方框、单击、画笔、橡皮擦。指向工具可查看其按键；F1 列出所有按键。</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>完成</translation>
    </message>
    <message>
      <source>Drop a photo anywhere into the window, or try the sample. People are found by themselves.</source>
      <translation>将照片拖到窗口任意位置，或试用示例。程序会自动识别人物。</translation>
    </message>
    <message>
      <source>Each person is a layer here. Whom the search missed you add with a box or a click.</source>
      <translation>每个人物在这里是一个图层。漏掉的人可以用方框或单击来添加。</translation>
    </message>
    <message>
      <source>F goes through the views: overlay, outlines, black, white, alpha, cut-out and more.</source>
      <translation>按 F 切换视图：叠加、轮廓、黑底、白底、Alpha、抠图等。</translation>
    </message>
    <message>
      <source>Let people agree</source>
      <translation>让人物彼此协调</translation>
    </message>
    <message>
      <source>Look at it</source>
      <translation>查看结果</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>下一步</translation>
    </message>
    <message>
      <source>Open a photo</source>
      <translation>打开照片</translation>
    </message>
    <message>
      <source>Refinement makes people who touch agree about their border, all at once or in an order.</source>
      <translation>细化使相互接触的人物在边界上达成一致，可同时进行，也可按顺序进行。</translation>
    </message>
    <message>
      <source>Say what is meant</source>
      <translation>说明意图</translation>
    </message>
    <message>
      <source>Strokes do not paint the matte. They tell the network: this person, another person, nobody, or decide yourself. Everything can be undone.</source>
      <translation>笔触并不直接绘制遮罩，而是告诉网络：是此人、是别人、不是任何人，或由它决定。一切都可以撤销。</translation>
    </message>
    <message>
      <source>Take the layers with you</source>
      <translation>导出图层</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>工具</translation>
    </message>
    <message>
      <source>Who is there</source>
      <translation>有哪些人</translation>
    </message>
  </context>
  <context>
    <name>TroubleDialog</name>
    <message>
      <source>({count} times)</source>
      <translation>（{count} 次）</translation>
    </message>
    <message>
      <source>Copy the details</source>
      <translation>复制详细信息</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>详细信息</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>继续</translation>
    </message>
    <message>
      <source>Something unexpected happened</source>
      <translation>发生意外</translation>
    </message>
    <message>
      <source>The program goes on, and your work is kept. If it happens again, copy the details and send them to whoever looks after the program; there is no photo in them.</source>
      <translation>程序会继续运行，您的工作已保留。如果再次出现，请复制详细信息并发给程序维护者；其中不含照片。</translation>
    </message>
  </context>
  <context>
    <name>Twin</name>
    <message>
      <source>Photo</source>
      <translation>照片</translation>
    </message>
    <message>
      <source>Second view</source>
      <translation>第二视图</translation>
    </message>
    <message>
      <source>What the second view shows</source>
      <translation>第二视图显示的内容</translation>
    </message>
  </context>
  <context>
    <name>View</name>
    <message>
      <source>Alpha</source>
      <translation>Alpha</translation>
    </message>
    <message>
      <source>Backdrop</source>
      <translation>预览背景</translation>
    </message>
    <message>
      <source>Black</source>
      <translation>黑底</translation>
    </message>
    <message>
      <source>Conflicts</source>
      <translation>冲突</translation>
    </message>
    <message>
      <source>Cut-out</source>
      <translation>抠图</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>轮廓</translation>
    </message>
    <message>
      <source>Overlay</source>
      <translation>叠加</translation>
    </message>
    <message>
      <source>Tri-mask</source>
      <translation>三通道蒙版</translation>
    </message>
    <message>
      <source>White</source>
      <translation>白底</translation>
    </message>
  </context>
  <context>
    <name>ViewBar</name>
    <message>
      <source>View</source>
      <translation>视图</translation>
    </message>
  </context>
  <context>
    <name>_Bubble</name>
    <message>
      <source>Back</source>
      <translation>上一步</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>下一步</translation>
    </message>
    <message>
      <source>Skip the tour</source>
      <translation>跳过</translation>
    </message>
    <message>
      <source>Tour</source>
      <translation>导览</translation>
    </message>
  </context>
</TS>
